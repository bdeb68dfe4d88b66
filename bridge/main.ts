import { startDaemon } from "./daemon";
import { processEnvironment } from "./environment";
import { octoFolders } from "./folders";
import { createLog } from "./log";
import { toErrorInfo } from "./octo-error";
import { createRedactor } from "./redactor";

// Process entry of the bridge. Exit code 0: ended as asked, or another bridge runs; 1: could not start; 70: a fault of octo.

const stopTimeoutMs = 10_000;
const redactor = createRedactor();
const log = createLog(redactor.text, logFileIfNameable());

/** A bad environment is told by the start itself. */
function logFileIfNameable(): string | undefined {
  try {
    return octoFolders(processEnvironment()).logFile;
  } catch {
    return undefined;
  }
}

function crash(thrown: unknown): void {
  // Nothing is tidied up: the next bridge finds everything as a crash leaves it, and reconciles.
  log.fatal({ err: thrown }, "a fault in octo; the bridge ends");
  process.exit(70);
}

process.on("uncaughtException", crash);
process.on("unhandledRejection", crash);
// The terminal or GUI that started us may go away; the bridge outlives it.
process.on("SIGHUP", () => undefined);

async function main(): Promise<number> {
  const daemon = await startDaemon({ environment: processEnvironment(), log, redactor, crash });
  if (!daemon) {
    log.info({}, "another bridge is running");
    return 0;
  }
  await Promise.race([daemon.shutDownAsked, signalled()]);
  await Promise.race([daemon.stop(), deadline()]);
  log.info({}, "the bridge is down");
  return 0;
}

function signalled(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ["SIGTERM", "SIGINT"] as const) process.once(signal, () => resolve());
  });
}

/** A stop that hangs must not keep the bridge half alive. */
function deadline(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, stopTimeoutMs).unref());
}

main().then(
  (code) => process.exit(code),
  (thrown: unknown) => {
    const { code, message } = toErrorInfo(thrown);
    log.fatal({ code, err: thrown }, message);
    process.exit(1);
  },
);
