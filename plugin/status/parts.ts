import { cost } from "./cost";
import { health } from "./health";
import { hosts } from "./hosts";
import type { Part } from "./part";
import { queued } from "./queued";
import { running } from "./running";
import { waiting } from "./waiting";

export const parts: readonly Part[] = [health, running, queued, waiting, cost, hosts];
export const partNames: readonly string[] = parts.map(({ name }) => name);
