import { OctoError } from "../../octo-error";
import { answerLines, answerWords } from "./answer";
import { callOf } from "./remote-program";
import { openShell, type ShellRequest } from "./shell";

const deadlineMs = 5_000;

/**
 * Asks a new connection which machine it leads to, by a shell of its own: one connection leads to one machine. HOST_OTHER_MACHINE where it
 * is not the one of before (remote/1-machine.sh has the rule). Nothing else is raised: commands will meet it too, and tell.
 */
export function createMeeting(request: ShellRequest, withRoot: (script: string) => string): () => Promise<void> {
  let known: readonly string[] = ["", ""];
  return async () => {
    try {
      const shell = await openShell(request);
      try {
        const output = await shell.run(withRoot(callOf("octo_meet", known[0] ?? "", known[1] ?? "")), deadlineMs);
        known = answerWords(answerLines(output, request.host), "machine", request.host);
      } finally {
        shell.close();
      }
    } catch (thrown) {
      if (thrown instanceof OctoError && thrown.code === "HOST_OTHER_MACHINE") throw thrown;
    }
  };
}
