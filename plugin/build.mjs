// Compiles the plugin to the one Lua file that WezTerm loads: `node plugin/build.mjs [FILE]`. The same sources give the same bytes.
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import ts from "typescript";
import * as tstl from "typescript-to-lua";

const folder = fileURLToPath(new URL(".", import.meta.url));

// WezTerm has no `debug`, which the library of TypeScriptToLua uses for the traces of errors.
const head = `-- Generated from plugin/*.ts by "npm run build:plugin": edit those.
local debug = debug or { getinfo = function() end, traceback = function(_, message) return message end }
`;

/** The text of `init.lua`; raises with the compiler's messages. */
export function compilePlugin() {
  let bundle;
  const { diagnostics } = tstl.transpileProject(join(folder, "tsconfig.json"), {}, (file, text) => {
    if (file.endsWith("init.lua")) bundle = text;
  });
  if (diagnostics.length > 0 || bundle === undefined) throw new Error(ts.formatDiagnostics(diagnostics, host));
  return head + prune(bundle);
}

const host = { getCanonicalFileName: (name) => name, getCurrentDirectory: () => folder, getNewLine: () => "\n" };

/**
 * Without the modules that nothing requires at run time: TypeScriptToLua bundles those too of which only types are used, and each
 * change in them would change the plugin.
 */
function prune(bundle) {
  const [start, end] = ["____modules = {\n", "\n}\nlocal ____entry"];
  const from = bundle.indexOf(start) + start.length;
  const to = bundle.lastIndexOf(end);
  const modules = new Map();
  for (const text of bundle.slice(from, to).split(/^(?=\["[^"\n]+"\] = function\(\.\.\.\) $)/m)) {
    const [, name] = /^\["([^"\n]+)"\]/.exec(text) ?? [];
    if (name === undefined || modules.has(name)) throw new Error(`the bundle is not as it was: ${text.slice(0, 80)}`);
    modules.set(name, text);
  }
  const reached = new Set();
  const reach = (name) => {
    const text = modules.get(name);
    if (text === undefined || reached.has(name)) return;
    reached.add(name);
    for (const [, required] of text.matchAll(/\brequire\("([^"\n]+)"\)/g)) reach(required);
  };
  reach("plugin.init");
  const kept = [...modules].filter(([name]) => reached.has(name)).map(([, text]) => text);
  return bundle.slice(0, from) + kept.join("") + bundle.slice(to);
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const file = process.argv[2] ?? join(folder, "init.lua");
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, compilePlugin());
}
