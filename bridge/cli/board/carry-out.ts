import { type ErrorCode, nextStep } from "../../../shared/errors";
import type { Act, BoardCall, BoardMethod } from "../../board/act";
import type { Loaded, Notice } from "../../board/state";
import { toErrorInfo } from "../../octo-error";
import type { Client } from "../client";

const logLines = 1_000;
/** The bridge waits for git, and for a passphrase of the person's key. */
const callTimeoutMs = 180_000;

/** Calls the bridge; what the person is told of it. Raises nothing. */
export async function carryOut(client: Client, { call, done }: Extract<Act, { readonly kind: "call" }>): Promise<Notice> {
  try {
    await send(client, call);
    return { text: done, isError: false };
  } catch (thrown) {
    return { text: sayError(thrown), isError: true };
  }
}

function send<Name extends BoardMethod>(client: Client, call: BoardCall<Name>): Promise<unknown> {
  return client.call(call.method, call.params, { timeoutMs: callTimeoutMs });
}

/** What a page of the details shows. Raises nothing. */
export async function loadPage(client: Client, act: Extract<Act, { readonly kind: "load" }>): Promise<Loaded> {
  try {
    return { text: await pageText(client, act), isError: false };
  } catch (thrown) {
    return { text: sayError(thrown), isError: true };
  }
}

async function pageText(client: Client, { item, page }: Extract<Act, { readonly kind: "load" }>): Promise<string> {
  if (item.kind === "instance") return (await client.call("instance_log", { instanceId: item.id, linesMax: logLines })).text;
  if (item.kind !== "task") return "";
  const taskId = item.id;
  switch (page) {
    case "transcript": {
      const { entries } = await client.call("task_transcript", { taskId });
      return entries.map(({ role, text }) => `── ${role}\n${text.trimEnd()}\n`).join("\n");
    }
    case "diff":
      return (await client.call("task_diff", { taskId })).diff || "no changes";
    case "why":
      return (await client.call("why_task", { taskId })).lines.join("\n");
    case "about":
    case "output":
    case "log":
      return "";
  }
}

/** With what to do about it. */
export function sayError(thrown: unknown): string {
  const info = toErrorInfo(thrown);
  if (info.code === "INTERNAL") return info.message;
  return `${info.message}. ${byKey[info.code] ?? nextStep(info)}`;
}

/** Where the command line has an option, and the board a key. */
const byKey: Partial<Record<ErrorCode, string>> = {
  BRANCH_NOT_MERGED: "Merge it first with m, or press X to drop it unmerged.",
};
