import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { markOf } from "./process-cost";
import { roundTimeMaxMs, type Way, type WayParts, wayEnvironment } from "./way";

/** `opencode run`, a process a prompt, all at once; each with a home of its own that is kept from round to round. */
export function runWay(parts: WayParts): Way {
  const mark = markOf("run");
  return {
    name: "opencode run",
    mark,
    async run(prompts) {
      await Promise.all(
        prompts.map(async (prompt, index) => {
          const folder = join(parts.folder, `run-${index}`);
          await mkdir(folder, { recursive: true });
          const env = wayEnvironment({ ...parts, folder }, mark);
          await execa(parts.program, ["run", "--dir", parts.repository, prompt], {
            cwd: parts.repository,
            env,
            extendEnv: false,
            stdin: "ignore",
            timeout: roundTimeMaxMs,
          });
        }),
      );
    },
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}
