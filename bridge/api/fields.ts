import { z } from "zod";
import type { ErrorCode } from "../../shared/errors";
import type { AskId, HostId, InstanceId, TaskId } from "../../shared/ids";
import { limits } from "../../shared/protocol";

const idPattern = {
  task: /^tsk_[A-Za-z0-9_-]{1,64}$/,
  instance: /^ins_[A-Za-z0-9_-]{1,64}$/,
  // OpenCode's own ids.
  ask: /^(?:per|que)_[A-Za-z0-9_-]{1,80}$/,
  // `local`, or an alias of ~/.ssh/config; never something ssh could take for an option.
  host: /^[A-Za-z0-9][A-Za-z0-9._-]{0,252}$/,
} as const;

export const taskId = id<TaskId>(idPattern.task, "a task id like tsk_3f9c");
export const instanceId = id<InstanceId>(idPattern.instance, "an instance id like ins_3f9c");
export const askId = id<AskId>(idPattern.ask, "an ask id like per_… or que_…");
export const hostId = id<HostId>(idPattern.host, '"local" or the name of a host');

/** A string that fits the grammar, branded: the one place where ids of clients become ids. */
function id<Branded extends string>(pattern: RegExp, wanted: string): z.ZodType<Branded> {
  return z.custom<Branded>((value) => typeof value === "string" && pattern.test(value), `must be ${wanted}`);
}

export const requestId = matching(/^[A-Za-z0-9._:-]{1,128}$/, "1 to 128 letters, digits, dots, colons, dashes or underscores");
export const label = matching(/^[A-Za-z0-9][A-Za-z0-9._=-]{0,62}$/, "a label: up to 63 letters, digits, dots, dashes, underscores or =");
export const model = matching(/^[^\s/\p{Cc}]{1,100}\/[^\s\p{Cc}]{1,300}$/u, "provider/model");
/** A name that another program resolves (an agent, a variant, a host address): one line without control characters. */
export const name = matching(/^[^\p{Cc}]{1,200}$/u, "1 to 200 characters on one line");
/** A local branch's name: never something git could take for an option or a pattern (git-check-ref-format(1)). */
export const branch = matching(/^(?![-/])[^\p{Cc} ~^:?*[\\]{1,250}$/u, "the name of a branch");
/** Absolute, without NUL; 4,096 bytes is PATH_MAX of Linux. */
export const absolutePath = matching(/^\/[^\0]{0,4095}$/u, "an absolute path");

function matching(pattern: RegExp, wanted: string) {
  return z.string().regex(pattern, `must be ${wanted}`);
}

/** A whole number from `min` to `max`. */
export function whole(min: number, max: number) {
  return z.int(`must be a whole number`).min(min, `must be at least ${min}`).max(max, `must be at most ${max}`);
}

/** PROMPT_EMPTY, PROMPT_TOO_LARGE (by bytes of UTF-8). */
export const prompt = z.string().superRefine((text, context) => {
  const refuse = (code: ErrorCode, message: string): void => context.addIssue({ code: "custom", message, params: { code } });
  if (text.trim() === "") return refuse("PROMPT_EMPTY", "holds no text");
  const bytes = Buffer.byteLength(text);
  if (bytes > limits.promptBytesMax) refuse("PROMPT_TOO_LARGE", `has ${bytes} bytes, the limit is ${limits.promptBytesMax}`);
});

/** Text for a person or a model, not empty, at most `charactersMax` UTF-16 units. */
export function text(charactersMax: number) {
  return z.string().min(1, "must not be empty").max(charactersMax, `must have at most ${charactersMax} characters`);
}

/** At most `itemsMax` items. */
export function list<Item>(item: z.ZodType<Item>, itemsMax: number) {
  return z.array(item).max(itemsMax, `must have at most ${itemsMax} items`);
}
