import { dirname, join } from "node:path";
import ts from "typescript";
import { typeFaults } from "./promises";
import { root } from "./sources";

// Type check of the programs named on the command line (their tsconfig.json), as `tsc --noEmit` does, and promises that nobody waits for.
let count = 0;
for (const name of process.argv.slice(2)) {
  const path = join(root, name);
  const { config } = ts.readConfigFile(path, ts.sys.readFile);
  const { options, fileNames } = ts.parseJsonConfigFileContent(config, ts.sys, dirname(path));
  for (const fault of typeFaults(ts.createProgram(fileNames, { ...options, noEmit: true }))) {
    count += 1;
    console.error(fault);
  }
}
if (count > 0) process.exitCode = 1;
