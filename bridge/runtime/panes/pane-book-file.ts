import { readFileSync } from "node:fs";
import { rename, writeFile } from "node:fs/promises";
import { z } from "zod";
import { emptyPaneBook, type PaneBook, type PaneTarget } from "../../core/panes";
import { systemErrorCode } from "../../system-error-code";

/** Keeps the book of panes across bridges. It is worth little: a file that cannot be read counts as empty, one that cannot be written is logged. */
export interface PaneBookFile {
  load(): PaneBook;
  /** The latest book wins; settles when it is written or given up on. */
  save(book: PaneBook): Promise<void>;
}

const target = z.custom<PaneTarget>((value) => typeof value === "string" && /^(?:ins|tsk)_[A-Za-z0-9_-]{1,64}$/.test(value));
const schema = z.object({
  guis: z.array(
    z.object({
      guiId: z.int(),
      socketPath: z.string(),
      command: z.string(),
      version: z.string().optional(),
      process: z.object({ pid: z.int(), startTime: z.string(), bootId: z.string() }).optional(),
      panes: z.array(z.object({ paneId: z.int(), target, title: z.string().optional() })),
      closed: z.array(target),
    }),
  ),
  lost: z.array(target),
});

export function paneBookFile(path: string, log: (message: string, details: Record<string, unknown>) => void): PaneBookFile {
  let saving: Promise<void> = Promise.resolve();
  let latest: PaneBook | undefined;

  async function write(): Promise<void> {
    const book = latest;
    latest = undefined;
    if (!book) return;
    try {
      await writeFile(`${path}.new`, JSON.stringify(book), { mode: 0o600 });
      await rename(`${path}.new`, path);
    } catch (thrown) {
      log("the list of panes was not saved", { reason: thrown instanceof Error ? thrown.message : String(thrown) });
    }
  }
  return {
    load() {
      try {
        return schema.parse(JSON.parse(readFileSync(path, "utf8")));
      } catch (thrown) {
        const isMissing = systemErrorCode(thrown) === "ENOENT";
        if (!isMissing) log("the list of panes cannot be read and begins anew", { reason: String(thrown).slice(0, 300) });
        return emptyPaneBook;
      }
    },
    save(book) {
      latest = book;
      saving = saving.then(write);
      return saving;
    },
  };
}
