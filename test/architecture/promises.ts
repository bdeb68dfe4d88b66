import { relative } from "node:path";
import ts from "typescript";
import { nodesOf, root } from "./sources";

/** What is wrong with the types of a program, as sentences with their places: the compiler's own, and promises that nobody waits for. */
export function typeFaults(program: ts.Program): readonly string[] {
  const faults = ts.getPreEmitDiagnostics(program).map((diagnostic) => {
    const message = ts.flattenDiagnosticMessageText(diagnostic.messageText, "\n");
    return diagnostic.file ? `${placeOf(diagnostic.file, diagnostic.start ?? 0)} ${message}` : message;
  });
  const own = program.getSourceFiles().filter(({ fileName }) => !fileName.includes("/node_modules/"));
  return [...faults, ...own.flatMap((file) => floatingPromises(file, program.getTypeChecker()))];
}

/** Biome sees these too, but not where the promise comes from a module of Node or a package. */
function floatingPromises(file: ts.SourceFile, checker: ts.TypeChecker): readonly string[] {
  return nodesOf(file)
    .filter(ts.isExpressionStatement)
    .filter(({ expression }) => isUnhandled(expression, checker))
    .map((statement) => `${placeOf(file, statement.getStart(file))} nobody waits for this promise: await it, catch it, or say void`);
}

/** Whoever keeps a promise in a variable waits for it elsewhere. */
const keepingOperators: readonly ts.SyntaxKind[] = [
  ts.SyntaxKind.EqualsToken,
  ts.SyntaxKind.QuestionQuestionEqualsToken,
  ts.SyntaxKind.BarBarEqualsToken,
];

function isUnhandled(expression: ts.Expression, checker: ts.TypeChecker): boolean {
  if (ts.isAwaitExpression(expression) || ts.isVoidExpression(expression)) return false;
  if (ts.isBinaryExpression(expression) && keepingOperators.includes(expression.operatorToken.kind)) return false;
  const type = checker.getTypeAtLocation(expression);
  const parts = type.isUnion() ? type.types : [type];
  if (!parts.some((part) => isThenable(part, checker))) return false;
  if (!ts.isCallExpression(expression) || !ts.isPropertyAccessExpression(expression.expression)) return true;
  const { name, expression: before } = expression.expression;
  if (name.text === "finally") return isUnhandled(before, checker);
  return !(name.text === "catch" || (name.text === "then" && expression.arguments.length === 2));
}

function isThenable(type: ts.Type, checker: ts.TypeChecker): boolean {
  const then = type.getProperty("then");
  return then !== undefined && checker.getTypeOfSymbol(then).getCallSignatures().length > 0;
}

function placeOf(file: ts.SourceFile, position: number): string {
  const { line, character } = file.getLineAndCharacterOfPosition(position);
  return `${relative(root, file.fileName)}:${line + 1}:${character + 1}`;
}
