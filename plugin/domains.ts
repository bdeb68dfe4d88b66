import type { Options } from "./option-types";

/** Where the domains of `domains.json` are added to the configuration, once the bridge writes that file. */
export function addDomains(_config: object, _options: Options): void {}
