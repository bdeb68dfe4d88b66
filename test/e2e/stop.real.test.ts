import { octoWorld } from "../helpers/octo-world";
import { realOpenCode } from "../helpers/real-opencode-source";
import { stopPromises } from "./stop-promises";

stopPromises(() => octoWorld({ openCode: realOpenCode }));
