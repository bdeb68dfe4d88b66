import { CommanderError } from "commander";
import { systemErrorCode } from "../system-error-code";
import { octoVersion } from "../version";
import { exitCodes } from "./exit-code";
import { createProgram } from "./program";

// `octo tasks | head`: the reader is gone, so nobody is left to tell.
process.stdout.on("error", (failure) => {
  if (systemErrorCode(failure) === "EPIPE") process.exit(exitCodes.succeeded);
  throw failure;
});

try {
  await createProgram(octoVersion).parseAsync();
} catch (thrown) {
  if (!(thrown instanceof CommanderError)) throw thrown;
  // Commander has said it already; help and version end with 0.
  process.exitCode = thrown.exitCode === 0 ? exitCodes.succeeded : exitCodes.usage;
}
