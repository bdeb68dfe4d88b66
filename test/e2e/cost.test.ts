import { costPromises } from "./cost-promises";

costPromises(undefined, 60_000);
