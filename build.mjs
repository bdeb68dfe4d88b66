import { existsSync, readdirSync, readFileSync } from "node:fs";
import { copyFile, readFile, rename, rm, writeFile } from "node:fs/promises";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "esbuild";

const root = fileURLToPath(new URL(".", import.meta.url));

/** Each in parts, by what is imported late. */
const programs = {
  // Read anew at every key press: what only some commands need is kept apart, since compiling it would cost all of them 40 ms.
  octo: "bridge/cli/main.ts",
  // A small first file, so that it answers at once; the others follow while it starts, since a later version may replace them.
  "octo-bridge": "bridge/main.ts",
};

/** Bundles the programs that exist (or the named one) into `folder`. */
export async function bundle(folder, name = undefined) {
  const bundled = new Set();
  for (const [out, source] of Object.entries(programs)) {
    if ((name !== undefined && name !== out) || !existsSync(`${root}${source}`)) continue;
    const { metafile } = await build({
      ...settings,
      entryPoints: [{ in: source, out }],
      outdir: folder,
      metafile: true,
    });
    for (const output of Object.keys(metafile.outputs)) await makeAscii(`${root}${output}`);
    for (const input of Object.keys(metafile.inputs)) bundled.add(/^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(input)?.[0]);
  }
  await writeFile(`${folder}/LICENSES.txt`, licencesOf([...bundled].filter((path) => path !== undefined)));
  // Both programs start it: the bridge in panes of WezTerm, `octo pane` in any terminal.
  await copyFile(`${root}bridge/panes/pane.sh`, `${folder}/octo-pane.sh`);
}

/** One character in a comment or an expression, which esbuild leaves, makes V8 keep the whole program's text with two bytes a character. */
async function makeAscii(file) {
  const text = await readFile(file, "utf8");
  await writeFile(
    file,
    text.replace(/[^\0-\x7f]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`),
  );
}

/** What the licences of the bundled packages ask for: their text goes along. */
function licencesOf(packages) {
  const texts = packages.map((path) => {
    const { name, version, license } = JSON.parse(readFileSync(`${root}${path}/package.json`, "utf8"));
    const file = readdirSync(`${root}${path}`).find((found) => /^licen[cs]e/i.test(found));
    return `${name} ${version} (${license})\n\n${file === undefined ? "" : readFileSync(`${root}${path}/${file}`, "utf8").trim()}\n`;
  });
  return texts.sort().join(`\n${"-".repeat(80)}\n`);
}

/** The sh functions for hosts as one text, in the order of bridge/adapters/ssh/remote-program.ts. */
function remoteProgram() {
  const folder = `${root}bridge/adapters/ssh/remote/`;
  const names = readdirSync(folder).sort();
  return names.map((name) => readFileSync(`${folder}${name}`, "utf8")).join("\n");
}

/** zod's messages in 50 languages: 360 KB that every start would read, for nobody. */
const withoutLocales = {
  name: "without-locales",
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /\/locales\/index\.(js|cjs)$/ }, ({ importer }) =>
      importer.includes("/node_modules/zod/") ? { path: "zod-locales", namespace: "empty", sideEffects: false } : undefined,
    );
    onLoad({ filter: /.*/, namespace: "empty" }, () => ({ contents: "export {}", loader: "js" }));
  },
};

const settings = {
  absWorkingDir: root,
  bundle: true,
  platform: "node",
  format: "esm",
  splitting: true,
  target: "node20",
  // The ESM build where there is one: jsonc-parser's other build requires its parts in a way that no bundler sees.
  mainFields: ["module", "main"],
  // In the programs' own folder: code finds its neighbours by import.meta.url.
  chunkNames: "octo-[name]-[hash]",
  define: { octoRemoteProgram: JSON.stringify(remoteProgram()) },
  // Native code cannot be bundled; the package of OpenCode is looked for at run time.
  external: ["better-sqlite3", "opencode-ai"],
  // Bundled CommonJS packages call `require`, which ES modules do not have.
  banner: { js: 'import { createRequire as octoRequire } from "node:module"; const require = octoRequire(import.meta.url);' },
  plugins: [withoutLocales],
  logLevel: "warning",
};

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const [folder = `${root}dist`, name] = process.argv.slice(2);
  // Beside it first: a build that fails leaves the last one as it was.
  const fresh = `${folder}.${process.pid}`;
  try {
    await bundle(fresh, name);
    await rm(folder, { recursive: true, force: true });
    await rename(fresh, folder);
  } finally {
    await rm(fresh, { recursive: true, force: true });
  }
}
