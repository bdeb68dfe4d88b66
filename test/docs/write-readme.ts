import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { readProjectFile, root } from "../architecture/sources";
import { pictures } from "./pictures";
import { tables, withMade } from "./tables";

// `npm run docs`: makes README's tables and the pictures of the plugin's README anew.
for (const [file, made] of [
  ["README.md", tables],
  ["plugin/README.md", pictures],
] as const) {
  writeFileSync(join(root, file), withMade(readProjectFile(file), made));
}
