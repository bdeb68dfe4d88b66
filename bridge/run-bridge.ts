import { loadUndici } from "./adapters/opencode/load-undici";
import { startDaemon } from "./daemon";
import { octoFolders } from "./folders";
import { boundHeapGrowth } from "./heap-growth";
import { createLog } from "./log";
import { toErrorInfo } from "./octo-error";
import type { Place } from "./place";
import { createRedactor } from "./redactor";

const stopTimeoutMs = 10_000;

export interface BridgeRun {
  readonly environment: Readonly<Record<string, string>>;
  /** Undefined: another bridge runs. It may have failed. */
  readonly taking: Promise<Place | undefined>;
  /** Settles when a signal asks the bridge to end; perhaps while it starts. */
  readonly signalled: Promise<void>;
}

/** Runs the bridge to its end. Gives the exit code 0: ended as asked, or another bridge runs; 1: could not start. A fault of octo ends the process with 70. */
export async function runBridge({ environment, taking, signalled }: BridgeRun): Promise<number> {
  boundHeapGrowth();
  const redactor = createRedactor();
  const log = createLog(redactor.text, logFileIfNameable(environment));
  const crash = (thrown: unknown): void => {
    // Nothing is tidied up: the next bridge finds everything as a crash leaves it, and reconciles.
    log.fatal({ err: thrown }, "a fault in octo; the bridge ends");
    process.exit(70);
  };
  process.on("uncaughtException", crash);
  process.on("unhandledRejection", crash);
  try {
    const place = await taking;
    if (!place) {
      log.info({}, "another bridge is running");
      return 0;
    }
    const daemon = await startDaemon({ environment, place, log, redactor, crash });
    // The last file that is not read yet. Weeks later it could be another version's, or gone.
    await loadUndici();
    await Promise.race([daemon.shutDownAsked, signalled]);
    await Promise.race([daemon.stop(), deadline()]);
  } catch (thrown) {
    const { code, message } = toErrorInfo(thrown);
    log.fatal({ code, err: thrown }, message);
    return 1;
  }
  log.info({}, "the bridge is down");
  return 0;
}

/** A bad environment is told by the start itself. */
function logFileIfNameable(environment: BridgeRun["environment"]): string | undefined {
  try {
    return octoFolders(environment).logFile;
  } catch {
    return undefined;
  }
}

/** A stop that hangs must not keep the bridge half alive. */
function deadline(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, stopTimeoutMs).unref());
}
