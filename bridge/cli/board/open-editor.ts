import type { TaskId } from "../../../shared/ids";
import { OctoError } from "../../octo-error";
import type { Client } from "../client";
import { type Guest, guest } from "./guest";

const openTimeoutMs = 120_000;

/** A task's work in the person's editor. EDITOR_MISSING, and what the bridge says against it. */
export async function openEditor(client: Client, taskId: TaskId, beforeStart: () => void): Promise<Guest> {
  const editor = process.env.VISUAL || process.env.EDITOR;
  if (!editor) throw new OctoError("EDITOR_MISSING", "neither $VISUAL nor $EDITOR is set");
  const { open } = await client.call("open_task", { taskId }, { timeoutMs: openTimeoutMs });
  // An editor's value is a shell's text by convention (git-var(1)); the folder is an argument of it.
  return guest("/bin/sh", ["-c", `${editor} "$@"`, "editor", open.path], { folder: open.path, beforeStart });
}
