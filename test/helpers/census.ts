import { expect } from "vitest";
import { createProcesses } from "../../bridge/adapters/process/create-processes";
import type { ProcessIdentity } from "../../bridge/ports/processes";
import { eventually } from "./eventually";

/** Every process that was started with `name=value` in its environment. */
export function processesWith(name: string, value: string): Promise<readonly ProcessIdentity[]> {
  return createProcesses(process.platform).findByEnvironment(name, value);
}

/**
 * No process started with `name=value` in its environment is left; those that are just ending get `timeoutMs` to do so.
 * Mark what a test starts with a value of its own (`OCTO_TEST_RUN=<random>`): environments are inherited.
 */
export async function expectNoProcessesWith(
  name: string,
  value: string,
  options: { readonly timeoutMs?: number; readonly except?: number | undefined } = {},
): Promise<void> {
  await eventually(
    async () => {
      const left = await processesWith(name, value);
      expect(
        left.map(({ pid }) => pid).filter((pid) => pid !== options.except),
        `processes left with ${name}=${value}`,
      ).toEqual([]);
    },
    { timeoutMs: options.timeoutMs ?? 2_000 },
  );
}

/** None of these lives; one that has ended and that nobody waited for yet does not count. */
export async function expectGone(pids: readonly number[]): Promise<void> {
  const processes = createProcesses(process.platform);
  const found = await Promise.all(pids.map((pid) => processes.identify(pid)));
  expect(found.map((identity) => identity?.pid)).toEqual(pids.map(() => undefined));
}
