import { nextStep } from "../../../shared/errors";
import { OctoError } from "../../octo-error";
import { type Check, type CheckContext, type Finding, fail } from "./check";
import { diskUseCheck } from "./disk-use";
import { bridgeCheck, diskCheck, runtimeFolderCheck, socketCheck, stateFolderCheck } from "./places";
import { nodeCheck, programChecks } from "./programs";

/** A check is told as failed when it takes longer; each has shorter deadlines of its own. */
const checkTimeoutMs = 40_000;

export interface Report {
  readonly name: string;
  readonly finding: Finding;
}

/** Everything that `octo doctor` looks at, in the order in which it is shown. */
export function allChecks(): readonly Check[] {
  return [nodeCheck, ...programChecks(), stateFolderCheck, runtimeFolderCheck, socketCheck, bridgeCheck, diskCheck, diskUseCheck];
}

/** Runs them side by side; one that raises or hangs hides none of the others. */
export function runChecks(checks: readonly Check[], context: CheckContext, timeoutMs = checkTimeoutMs): Promise<readonly Report[]> {
  return Promise.all(checks.map(async (check) => ({ name: check.name, finding: await runCheck(check, context, timeoutMs) })));
}

async function runCheck(check: Check, context: CheckContext, timeoutMs: number): Promise<Finding> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<Finding>((resolve) => {
    timer = setTimeout(() => resolve(fail(`it took longer than ${timeoutMs} ms`, "Look at the machine's load.")), timeoutMs);
  });
  try {
    return await Promise.race([check.run(context), late]);
  } catch (thrown) {
    if (thrown instanceof OctoError) return fail(thrown.message, nextStep(thrown.info));
    return fail(thrown instanceof Error ? thrown.message : String(thrown), "Please report it.");
  } finally {
    clearTimeout(timer);
  }
}
