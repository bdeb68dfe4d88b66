import type { Processes } from "../../bridge/ports/processes";

/** Of processes the runtime only measures: it leaves the rest to the launcher. */
export function measuredProcesses(usage: Processes["usage"]): Processes {
  const unused = (): Promise<never> => Promise.reject(new Error("the runtime leaves this to the launcher"));
  return {
    spawn: unused,
    identify: unused,
    isAlive: unused,
    living: unused,
    findByEnvironment: unused,
    descendants: unused,
    signal: unused,
    signalGroup: unused,
    usage,
  };
}
