import { expect } from "vitest";
import { createProcesses } from "../../bridge/adapters/process/create-processes";
import { eventually } from "./eventually";

/**
 * No process started with `name=value` in its environment is left; those that are just ending get `timeoutMs` to do so.
 * Mark what a test starts with a value of its own (`OCTO_TEST_RUN=<random>`): environments are inherited.
 */
export async function expectNoProcessesWith(name: string, value: string, options: { readonly timeoutMs?: number } = {}): Promise<void> {
  const processes = createProcesses(process.platform);
  await eventually(
    async () => {
      const left = await processes.findByEnvironment(name, value);
      expect(
        left.map(({ pid }) => pid),
        `processes left with ${name}=${value}`,
      ).toEqual([]);
    },
    { timeoutMs: options.timeoutMs ?? 2_000 },
  );
}
