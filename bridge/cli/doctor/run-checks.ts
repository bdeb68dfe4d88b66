import { nextStep } from "../../../shared/errors";
import { OctoError } from "../../octo-error";
import { type Check, type CheckContext, type Finding, fail, ok } from "./check";
import { clockCheck } from "./clock";
import { diskUseCheck } from "./disk-use";
import { openFilesCheck } from "./open-files";
import { bridgeCheck, diskCheck, runtimeFolderCheck, socketCheck, stateFolderCheck } from "./places";
import { pluginsCheck } from "./plugins";
import { nodeCheck, programChecks } from "./programs";
import { locksCheck, orphansCheck } from "./servers";

/** A check is told as failed when it takes longer; each has shorter deadlines of its own. */
const checkTimeoutMs = 40_000;

export interface Report {
  readonly name: string;
  readonly finding: Finding;
  /** What `fixFindings` did about it. */
  readonly fixed?: "yes" | "tried" | undefined;
}

/** Everything that `octo doctor` looks at, in the order in which it is shown. */
export function allChecks(): readonly Check[] {
  return [
    nodeCheck,
    ...programChecks(),
    stateFolderCheck,
    runtimeFolderCheck,
    socketCheck,
    bridgeCheck,
    pluginsCheck,
    orphansCheck,
    locksCheck,
    openFilesCheck,
    diskCheck,
    diskUseCheck,
    clockCheck,
  ];
}

/** Runs them side by side; one that raises or hangs hides none of the others. */
export function runChecks(checks: readonly Check[], context: CheckContext, timeoutMs = checkTimeoutMs): Promise<readonly Report[]> {
  return Promise.all(checks.map(async (check) => ({ name: check.name, finding: await runCheck(check, context, timeoutMs) })));
}

/** Does what is safe about each finding, and looks again: "tried" when that did not help. */
export async function fixFindings(
  checks: readonly Check[],
  reports: readonly Report[],
  context: CheckContext,
  timeoutMs = checkTimeoutMs,
): Promise<readonly Report[]> {
  const after: Report[] = [];
  for (const [index, report] of reports.entries()) {
    const check = checks[index];
    const { finding } = report;
    if (check === undefined || finding.status === "ok" || finding.fix === undefined) after.push(report);
    else {
      const { fix } = finding;
      const failure = await runCheck({ name: check.name, run: async () => fix().then(() => ok("")) }, context, timeoutMs);
      const again = failure.status === "ok" ? await runCheck(check, context, timeoutMs) : failure;
      after.push({ name: report.name, finding: again, fixed: again.status === "ok" ? "yes" : "tried" });
    }
  }
  return after;
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
