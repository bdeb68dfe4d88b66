import { spawnSync } from "node:child_process";
import { extname } from "node:path";
import ts from "typescript";
import { describe, expect, test } from "vitest";
import { nodesOf, projectFiles, projectSources, readProjectFile } from "./sources";

// macOS has BSD's tools and an old bash; Debian's sh is dash. None of them is here but dash, so what only GNU or bash knows is looked for.

/** Each with what to write in its place. */
const gnuOnly: readonly (readonly [RegExp, string])[] = [
  [/\bsed +(-\w+ +)*-(i|r|z)/, "sed -E, and a new file by redirection"],
  [/\bgrep +(-\w+ +)*-\w*P/, "grep -E"],
  [/\breadlink +-f|\brealpath\b/, "cd and pwd -P"],
  [/\bstat +(-c|--)/, "ls, test or find"],
  [/\bdate +(-d|-I|--|\S*%N)/, "date +%s"],
  [/\bmktemp +(-p|--)/, "mktemp -d TEMPLATE"],
  [/\bxargs +-\w*[rda]\b/, "a loop"],
  [/\bsort +-\w*[VzhR]/, "sort -t . -n -k"],
  [/\bhead +-(n +)?-/, "sed or awk"],
  [/\btail +--/, "tail -n, tail -f"],
  [/\bbase64 +-w|\bdu +-\w*b|\bdf +--|\bls +--[a-z]|\bcp +-\w*[abdt]\w* |\bps +--/, "POSIX's own options"],
  [/\bfind\b.* -(printf|regextype|quit|empty)\b/, "find -exec, find -newer"],
  [/^[^#\n]*\b(timeout|tac|nproc|seq|pidof|flock|md5sum|sha256sum|shuf|numfmt) +[-\w"$]/m, "a tool that POSIX has"],
  [/^[^#\n]*\[\[|<<<|&>|\$'|^ *function /m, "POSIX sh"],
  [/^ *(local|declare|typeset|source|pushd) /m, "POSIX sh"],
  [/\becho +-[neE]/, "printf"],
  [/\$\{\w+(\/|\^|,|:\d)/, "sed, tr or case"],
  [/\bread +-[^r ]/, "read -r"],
];

interface ShellProgram {
  readonly name: string;
  readonly text: string;
}

const files: readonly ShellProgram[] = projectFiles()
  .filter((path) => path.startsWith("bridge/") && extname(path) === ".sh")
  .map((path) => ({ name: path, text: readProjectFile(path) }));

/** Texts with `$1` or `$@` in them that the plugin and the programs give to sh; what completes is written for the shell that it completes in. */
const embedded: readonly ShellProgram[] = projectSources()
  .filter(({ path }) => /^(bridge|plugin)\//.test(path) && !path.startsWith("bridge/cli/completion/"))
  .flatMap(({ path, tree }) => nodesOf(tree).flatMap((node) => (ts.isStringLiteralLike(node) ? [{ name: path, text: node.text }] : [])))
  .filter(({ text }) => /\$[1-9@{]/.test(text) && /[ \n]/.test(text));

describe.each([...files, ...embedded])("the shell program of $name", ({ text }) => {
  test("uses nothing that only GNU's tools or bash have", () => {
    expect(faultsOf(text)).toEqual([]);
  });

  test.each([["sh"], ["dash"], ["bash", "--posix"]])("is understood by %s", (shell, ...options) => {
    const { error, status, stderr } = spawnSync(shell, [...options, "-n"], { input: text, encoding: "utf8", timeout: 10_000 });
    if (error === undefined) expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  });
});

test("there are shell programs to look at", () => {
  expect(files.length).toBeGreaterThanOrEqual(6);
  expect(embedded.length).toBeGreaterThanOrEqual(5);
});

test("a shell function that reads /proc asks first whether it is there", () => {
  const functions = files.flatMap(({ name, text }) =>
    [...text.matchAll(/^(\w+)\(\) \{\n([\s\S]*?)^\}$/gm)].map(([, called = "", body = ""]) => ({ name: `${name} ${called}`, body })),
  );
  expect(functions.length).toBeGreaterThan(40);
  const unguarded = functions.filter(({ body }) => {
    const code = body.replace(/^\s*#.*$/gm, "");
    // `octo_first` prints nothing where the file cannot be read.
    return code.replace(/octo_first \S+/g, "").includes("/proc") && !/\[ -r "?\/proc/.test(code);
  });
  expect(unguarded.map(({ name }) => name)).toEqual([]);
});

test.each([
  "sed -i s/a/b/ file",
  "readlink -f x",
  "timeout 5 curl",
  "  local x=1",
  'if [[ -n "$x" ]]; then :; fi',
  "echo -n hello",
  "date -d yesterday",
  "ls | xargs -r rm",
  "grep -oP x",
])("sees what a Mac would stumble over: %s", (text) => {
  expect(faultsOf(text)).toHaveLength(1);
});

function faultsOf(text: string): readonly string[] {
  const code = text.replace(/^\s*#.*$/gm, "");
  return gnuOnly.flatMap(([pattern, instead]) => {
    const found = pattern.exec(code);
    return found ? [`${found[0].trim()}: write ${instead}`] : [];
  });
}
