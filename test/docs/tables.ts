import type { Command } from "commander";
import ts from "typescript";
import { exitCodeOf } from "../../bridge/cli/exit-code";
import { createProgram } from "../../bridge/cli/program";
import { defaultConfig } from "../../bridge/config";
import { octoVersion } from "../../bridge/version";
import { type ErrorCode, errorCodes } from "../../shared/errors";
import { nodesOf, readProjectFile } from "../architecture/sources";

/** README's tables, each made of what the programs themselves know. */
const tables: Readonly<Record<string, () => string>> = {
  commands: commandTable,
  configuration: configurationTable,
  errors: errorTable,
};

/** The text with each table between `<!-- NAME -->` and `<!-- /NAME -->` made anew. */
export function withTables(text: string): string {
  return Object.entries(tables).reduce((whole, [name, table]) => {
    const place = new RegExp(`(<!-- ${name} -->\n)[^]*?(<!-- /${name} -->)`);
    if (!place.test(whole)) throw new Error(`README.md has no place for the table "${name}"`);
    return whole.replace(place, (_, open: string, close: string) => `${open}\n${table()}\n${close}`);
  }, text);
}

function commandTable(): string {
  const rows = createProgram(octoVersion).commands.map((command) => [
    `\`octo ${command.name()}${argumentsOf(command)}\``,
    command.description(),
  ]);
  return tableOf(["Command", "What it does"], rows);
}

function argumentsOf(command: Command): string {
  const named = command.registeredArguments.map((argument) => {
    const name = argument.variadic ? `${argument.name()}...` : argument.name();
    return argument.required ? ` <${name}>` : ` [${name}]`;
  });
  return named.join("");
}

function errorTable(): string {
  const rows = Object.entries(errorCodes).map(([code, { next, retryable }]) => [`\`${code}\``, next, retryable ? "yes" : "", exitOf(code)]);
  return tableOf(["Code", "What to do", "May pass by itself", "Exit code"], rows);
}

function exitOf(code: string): string {
  return isErrorCode(code) ? String(exitCodeOf(code)) : "";
}

function isErrorCode(code: string): code is ErrorCode {
  return code in errorCodes;
}

/** Fields and meanings from the comments of bridge/config.ts, defaults from what it gives for an empty file. */
function configurationTable(): string {
  const rows = configFields().map(({ path, meaning }) => {
    const value = valueAt(defaultConfig(), path);
    return [`\`${path.join(".")}\``, value === undefined ? "" : `\`${JSON.stringify(value)}\``, meaning];
  });
  return tableOf(["Field", "Default", "Meaning"], rows);
}

export interface ConfigField {
  readonly path: readonly string[];
  readonly meaning: string;
}

export function configFields(): readonly ConfigField[] {
  const tree = ts.createSourceFile("config.ts", readProjectFile("bridge/config.ts"), ts.ScriptTarget.Latest, true);
  const schema = nodesOf(tree).find((node) => ts.isVariableDeclaration(node) && node.name.getText() === "schema");
  return schema ? fieldsOf(schema, []) : [];
}

function fieldsOf(node: ts.Node, path: readonly string[]): readonly ConfigField[] {
  const object = nodesOf(node).find(ts.isObjectLiteralExpression);
  return (object?.properties.filter(ts.isPropertyAssignment) ?? []).flatMap((property) => {
    const here = [...path, property.name.getText()];
    if (property.initializer.getText().replace(/\s/g, "").startsWith("z.strictObject(")) return fieldsOf(property.initializer, here);
    return [{ path: here, meaning: meaningOf(property) }];
  });
}

function meaningOf(property: ts.Node): string {
  const text = property.getSourceFile().text;
  const comments = ts.getLeadingCommentRanges(text, property.getFullStart()) ?? [];
  return comments
    .map(({ pos, end }) =>
      text
        .slice(pos + 3, end - 2)
        .replace(/\s*\n\s*\*?\s*/g, " ")
        .trim(),
    )
    .join(" ");
}

function valueAt(value: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (at, name) => (typeof at === "object" && at !== null ? new Map(Object.entries(at)).get(name) : undefined),
    value,
  );
}

function tableOf(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  return `${[line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n")}\n`;
}
