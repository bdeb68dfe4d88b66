import type { Command } from "commander";
import { z } from "zod";
import { exitCodeOf } from "../../bridge/cli/exit-code";
import { createProgram } from "../../bridge/cli/program";
import { configFields } from "../../bridge/config/fields";
import { octoVersion } from "../../bridge/version";
import { type ErrorCode, errorCodes } from "../../shared/errors";
import { readProjectFile } from "../architecture/sources";
import { boardKeyRows, boardPicture } from "./board";

/** README's tables, each made of what the programs themselves know. */
export const tables: Readonly<Record<string, () => string>> = {
  commands: commandTable,
  board: boardPicture,
  "board-keys": () => tableOf(["Key", "Where", "What it does"], boardKeyRows()),
  configuration: configurationTable,
  errors: errorTable,
  targets: targetTable,
};

/** The text with each of `made` between `<!-- NAME -->` and `<!-- /NAME -->` made anew. */
export function withMade(text: string, made: Readonly<Record<string, () => string>>): string {
  return Object.entries(made).reduce((whole, [name, make]) => {
    const place = new RegExp(`(<!-- ${name} -->\n)[^]*?(<!-- /${name} -->)`);
    if (!place.test(whole)) throw new Error(`there is no place for "${name}"`);
    return whole.replace(place, (_, open: string, close: string) => `${open}\n${make()}\n${close}`);
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

/** Fields, meanings and defaults as `octo config schema` gives them. */
function configurationTable(): string {
  const rows = configFields().map(({ path, meaning, defaultValue }) => [
    `\`${path.join(".")}\``,
    defaultValue === undefined ? "" : `\`${JSON.stringify(defaultValue)}\``,
    meaning,
  ]);
  return tableOf(["Field", "Default", "Meaning"], rows);
}

const targets = z.array(z.strictObject({ target: z.string(), measured: z.string(), how: z.string() }));

/** Figures of the last run of the benchmarks, kept by hand in test/bench/targets.json. */
function targetTable(): string {
  const rows = targets
    .parse(JSON.parse(readProjectFile("test/bench/targets.json")))
    .map(({ target, measured, how }) => [target, measured, how]);
  return tableOf(["Target", "Measured", "How"], rows);
}

function tableOf(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  return `${[line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n")}\n`;
}
