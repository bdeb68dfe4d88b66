import type { Notice } from "../../../shared/notice";
import type { Clock } from "../../ports/clock";
import type { CommandQueue } from "../hooks/command-queue";
import type { HookLog } from "../hooks/hook-log";

const timeoutMs = 10_000;

/** Runs the user's notifier, with title and text as its last arguments and the whole notice as JSON on stdin. */
export function tellByCommand(
  command: readonly string[],
  notice: Notice,
  parts: { readonly queue: CommandQueue; readonly log: HookLog; readonly clock: Clock },
): void {
  // Nothing of a model's words may be read as an option.
  const full = [...command, notice.title, notice.text.replace(/^-/, "–")];
  void parts.queue.run({ command: full, stdin: `${JSON.stringify(notice)}\n`, timeoutMs }).then((end) => {
    if (end !== "dropped" && end.outcome === "succeeded") return;
    const at = new Date(parts.clock.epochMs()).toISOString();
    const { id, on } = notice;
    const dropped = { outcome: "dropped", detail: "too many were waiting", output: "", durationMs: 0 };
    parts.log.add({ at, id, on: `notify ${on}`, command, ...(end === "dropped" ? dropped : end) });
  });
}
