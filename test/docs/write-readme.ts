import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { readProjectFile, root } from "../architecture/sources";
import { withTables } from "./tables";

// `npm run docs`: makes README's tables anew.
writeFileSync(join(root, "README.md"), withTables(readProjectFile("README.md")));
