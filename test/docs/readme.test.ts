import { expect, test } from "vitest";
import { exitCodes } from "../../bridge/cli/exit-code";
import { createProgram } from "../../bridge/cli/program";
import { configFields } from "../../bridge/config/fields";
import { octoVersion } from "../../bridge/version";
import { errorCodes } from "../../shared/errors";
import { projectFiles, readProjectFile } from "../architecture/sources";
import { pictures } from "./pictures";
import { shellBlocks } from "./shell-blocks";
import { tables, withMade } from "./tables";

const readme = readProjectFile("README.md");

test("README's tables say what the programs know; `npm run docs` makes them anew", () => {
  expect(readme).toBe(withMade(readme, tables));
});

test("the plugin's README shows what is drawn for real; `npm run docs` draws it anew", () => {
  const text = readProjectFile("plugin/README.md");
  expect(text).toBe(withMade(text, pictures));
});

test("README lists every error code with its next step", () => {
  const missing = Object.entries(errorCodes).filter(
    ([code, { next }]) => !readme.includes(`| \`${code}\` | ${next.replaceAll("|", "\\|")} |`),
  );
  expect(missing).toEqual([]);
});

test("every field of the configuration has a meaning", () => {
  expect(configFields().length).toBeGreaterThan(20);
  expect(configFields().filter(({ meaning }) => meaning.length < 5)).toEqual([]);
});

test("next steps name settings as they are in the configuration", () => {
  const fields = configFields().map(({ path }) => path.join("."));
  const named = Object.values(errorCodes).flatMap(({ next }) => [...next.matchAll(/(?:raise|lower|set) `([\w.]+)`/gi)]);
  expect(named.length).toBeGreaterThan(3);
  expect(named.map(([, name = ""]) => name).filter((name) => !fields.includes(name))).toEqual([]);
});

test("README tells every exit code", () => {
  expect(Object.values(exitCodes).filter((code) => !readme.includes(`| ${code} |`))).toEqual([]);
});

test("next steps and README name only commands that exist", () => {
  const commands = createProgram(octoVersion).commands.map((command) => command.name());
  const texts = [readme, ...Object.values(errorCodes).map(({ next }) => next)];
  const inText = texts.flatMap((text) => [...text.matchAll(/(?:`|npx )octo ([a-z]+)/gm)]);
  const inBlocks = shellBlocks(readme).flatMap(({ commands: lines }) => lines.flatMap((line) => [...line.matchAll(/^octo ([a-z]+)/g)]));
  const named = [...inText, ...inBlocks].map(([, name]) => name ?? "");
  expect(named.length).toBeGreaterThan(20);
  expect(named.filter((name) => ![...commands, "help"].includes(name))).toEqual([]);
});

test("documents point to files that exist", () => {
  const files = projectFiles();
  const documents = files.filter((path) => path.endsWith(".md"));
  const dead = documents.flatMap((path) =>
    [...readProjectFile(path).matchAll(/\]\((?!https?:|#)([^)#]+)\)/g)]
      .map(([, target = ""]) => new URL(target, `file:///${path}`).pathname.slice(1))
      .filter((target) => !files.includes(target))
      .map((target) => `${path}: ${target}`),
  );
  expect(dead).toEqual([]);
});
