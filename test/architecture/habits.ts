import { basename } from "node:path";
import ts from "typescript";
import { nodesOf, type Source } from "./sources";

const linesMax = 250;
const functionLinesMax = 70;

/** Longer than `linesMax`, and why that is better than two files. */
export const longFiles: ReadonlyMap<string, string> = new Map([]);

/** What a pure function has no business with. */
const impureNames = [
  ..."Date performance setTimeout setInterval setImmediate queueMicrotask process console globalThis crypto fetch require".split(" "),
  ..."Promise AbortSignal AbortController Buffer URL structuredClone".split(" "),
];

const kebabCase = /^[a-z0-9]+(-[a-z0-9]+)*(\.(bench|config|d|long|real|test))*\.(ts|mjs)$/;

/** Each habit of house style that the file breaks, as a sentence. */
export function brokenHabitsOf(source: Source): readonly string[] {
  const { path, text } = source;
  const broken = [...nodesOf(source.tree).flatMap((node) => brokenBy(node, source))];
  if (text.split("\n").length - 1 > linesMax && !longFiles.has(path)) broken.push(`is longer than ${linesMax} lines`);
  if (!kebabCase.test(basename(path))) broken.push("has a name that is not kebab-case");
  if (new RegExp(`\\b(${["TO", "FIX"].map((start, index) => start + ["DO", "ME"][index]).join("|")})\\b`).test(text))
    broken.push("leaves work to do");
  return broken.map((sentence) => `${path} ${sentence}`);
}

function brokenBy(node: ts.Node, { path, tree }: Source): readonly string[] {
  const line = tree.getLineAndCharacterOfPosition(node.getStart(tree)).line + 1;
  const shipped = /^(bridge|shared|plugin)\//.test(path);
  const checks: readonly (readonly [boolean, string])[] = [
    [isDefaultExport(node) && !path.endsWith(".config.ts"), "exports a default"],
    [ts.isEnumDeclaration(node), "declares an enum"],
    [shipped && isCast(node) && path !== "bridge/ids.ts", "casts with `as`"],
    [shipped && isLongFunction(node, tree), `has a function longer than ${functionLinesMax} lines`],
    [path.startsWith("bridge/core/") && isImpure(node), `is not pure: ${node.getText(tree).slice(0, 40)}`],
    [shipped && !path.startsWith("bridge/adapters/process/") && readsProc(node), "reads /proc"],
    [shipped && runsShell(node), "gives a string to a shell"],
  ];
  return checks.filter(([found]) => found).map(([, what]) => `${what} (line ${line})`);
}

function isDefaultExport(node: ts.Node): boolean {
  if (ts.isExportAssignment(node)) return true;
  return ts.canHaveModifiers(node) && (ts.getModifiers(node) ?? []).some(({ kind }) => kind === ts.SyntaxKind.DefaultKeyword);
}

function isCast(node: ts.Node): boolean {
  if (!ts.isAsExpression(node)) return ts.isTypeAssertionExpression(node);
  return !ts.isConstTypeReference(node.type);
}

/** Without the functions in it: the maker of a long-lived thing is as long as its methods. */
function isLongFunction(node: ts.Node, tree: ts.SourceFile): boolean {
  return (
    isFunction(node) && linesOf(node, tree) - sum(outermostFunctions(node).map((inner) => linesOf(inner, tree) - 1)) > functionLinesMax
  );
}

function isFunction(node: ts.Node): boolean {
  return ts.isFunctionLike(node) && "body" in node && node.body !== undefined;
}

function outermostFunctions(node: ts.Node): readonly ts.Node[] {
  const found: ts.Node[] = [];
  const visit = (child: ts.Node): void => {
    if (isFunction(child)) found.push(child);
    else ts.forEachChild(child, visit);
  };
  ts.forEachChild(node, visit);
  return found;
}

function linesOf(node: ts.Node, tree: ts.SourceFile): number {
  const lineOf = (position: number): number => tree.getLineAndCharacterOfPosition(position).line;
  return lineOf(node.getEnd()) - lineOf(node.getStart(tree)) + 1;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

function isImpure(node: ts.Node): boolean {
  if (ts.isAwaitExpression(node) || node.kind === ts.SyntaxKind.AsyncKeyword) return true;
  if (ts.isPropertyAccessExpression(node)) return node.getText() === "Math.random";
  if (!ts.isIdentifier(node) || !impureNames.includes(node.text)) return false;
  const { parent } = node;
  const isMember =
    (ts.isPropertyAccessExpression(parent) || ts.isPropertyAssignment(parent) || ts.isPropertySignature(parent)) && parent.name === node;
  return !isMember;
}

function readsProc(node: ts.Node): boolean {
  const isText = ts.isStringLiteral(node) || ts.isNoSubstitutionTemplateLiteral(node) || ts.isTemplateHead(node);
  return isText && /^\/proc(\/|$)/.test(node.text);
}

function runsShell(node: ts.Node): boolean {
  if (ts.isPropertyAssignment(node)) return node.name.getText() === "shell" && node.initializer.kind === ts.SyntaxKind.TrueKeyword;
  if (!ts.isCallExpression(node) || !ts.isIdentifier(node.expression)) return false;
  return ["exec", "execSync", "execaCommand"].includes(node.expression.text);
}
