import { readdirSync, readFileSync } from "node:fs";
import { extname, join, posix } from "node:path";
import ts from "typescript";

export const root = join(import.meta.dirname, "../..");

/** What git ignores, and what programs write. */
const skipped = ["node_modules", "dist", "coverage", ".git", ".tmp"];

export interface Import {
  /** A path from the root without its ending, or what is imported as it is named. */
  readonly target: string;
  readonly own: boolean;
  readonly typeOnly: boolean;
}

/** A TypeScript file and what the walls ask about it. */
export interface Source {
  /** From the root, with `/`. */
  readonly path: string;
  readonly text: string;
  readonly tree: ts.SourceFile;
  readonly imports: readonly Import[];
}

/** Paths of all files of the project, from the root. */
export function projectFiles(folder = ""): readonly string[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    if (skipped.includes(entry.name)) return [];
    const path = posix.join(folder, entry.name);
    return entry.isDirectory() ? projectFiles(path) : [path];
  });
}

export function readProjectFile(path: string): string {
  return readFileSync(join(root, path), "utf8");
}

export function projectSources(): readonly Source[] {
  return projectFiles()
    .filter((path) => extname(path) === ".ts")
    .map((path) => parseSource(path, readProjectFile(path)));
}

export function parseSource(path: string, text: string): Source {
  const tree = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
  return { path, text, tree, imports: nodesOf(tree).flatMap((node) => importOf(node, path)) };
}

/** Every node below, in order. */
export function nodesOf(node: ts.Node): readonly ts.Node[] {
  const found: ts.Node[] = [];
  const visit = (child: ts.Node): void => {
    found.push(child);
    ts.forEachChild(child, visit);
  };
  ts.forEachChild(node, visit);
  return found;
}

function importOf(node: ts.Node, path: string): readonly Import[] {
  if (ts.isImportDeclaration(node)) {
    const names = node.importClause?.namedBindings;
    const onlyTypes = names !== undefined && ts.isNamedImports(names) && names.elements.every(({ isTypeOnly }) => isTypeOnly);
    const typeOnly = node.importClause?.phaseModifier === ts.SyntaxKind.TypeKeyword || (onlyTypes && node.importClause?.name === undefined);
    return resolved(node.moduleSpecifier, path, typeOnly);
  }
  if (ts.isExportDeclaration(node) && node.moduleSpecifier) return resolved(node.moduleSpecifier, path, node.isTypeOnly);
  if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) return resolved(node.argument.literal, path, true);
  const [argument] = ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword ? node.arguments : [];
  return argument ? resolved(argument, path, false) : [];
}

function resolved(specifier: ts.Node, path: string, typeOnly: boolean): readonly Import[] {
  if (!ts.isStringLiteral(specifier)) return [];
  const own = specifier.text.startsWith(".");
  const target = own ? posix.join(posix.dirname(path), specifier.text).replace(/\.(ts|mjs|js)$/, "") : specifier.text;
  return [{ target, own, typeOnly }];
}
