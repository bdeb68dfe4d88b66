import type { EventHub } from "./event-hub";
import type { FakeOptions } from "./options";

/** Kinds that octo does not follow, some of them of the real server, one that is not of this world. */
const kinds = ["file.watcher.updated", "lsp.updated", "vcs.branch.updated", "pty.exited", "tomorrow.invented"] as const;

/** The returned function ends it. */
export function sendStrange(hub: EventHub, { directory, strangeEveryMs }: Pick<FakeOptions, "directory" | "strangeEveryMs">): () => void {
  if (strangeEveryMs === 0) return () => undefined;
  let count = 0;
  const timer = setInterval(() => {
    count += 1;
    const type = kinds[count % kinds.length] ?? "";
    hub.publish({ directory, type, properties: { file: `/tmp/file-${count}`, deep: { list: [count, "x".repeat(count % 2_000)] } } });
  }, strangeEveryMs);
  return () => clearInterval(timer);
}
