import { realOpenCode } from "../helpers/real-opencode-source";
import { costPromises } from "./cost-promises";

costPromises(realOpenCode, 300_000);
