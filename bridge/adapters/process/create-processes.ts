import type { Processes } from "../../ports/processes";
import { procProcesses } from "./proc-processes";
import { psProcesses } from "./ps-processes";

/** Processes of this machine: `/proc` on Linux, `ps` elsewhere. */
export function createProcesses(platform: NodeJS.Platform): Processes {
  return platform === "linux" ? procProcesses() : psProcesses();
}
