import { createReadStream } from "node:fs";
import type { Readable } from "node:stream";
import { limits } from "../../shared/protocol";
import { OctoError } from "../octo-error";
import { systemErrorCode } from "../system-error-code";

const promptsMax = 1_000;
const listBytesMax = 16 * 1024 * 1024;

export interface PromptSources {
  /** Words of the command line; a single `-` means stdin. */
  readonly words: readonly string[];
  /** A file with one prompt a line, or `-`. */
  readonly from?: string | undefined;
  readonly stdin: Readable;
}

/** One prompt, or those of a list in its order. PROMPT_EMPTY, PROMPT_TOO_LARGE, REQUEST_INVALID, ATTACHMENT_UNREADABLE. */
export async function readPrompts({ words, from, stdin }: PromptSources): Promise<readonly string[]> {
  if (from === undefined) return [await readPrompt(words, stdin)];
  if (words.length > 0) throw new OctoError("REQUEST_INVALID", "give either a prompt or --from, not both");
  const text = await readText(from === "-" ? stdin : createReadStream(from), from === "-" ? "stdin" : from, listBytesMax);
  const prompts = text.split(/\r?\n/).filter((line) => line.trim() !== "");
  if (prompts.length === 0) throw new OctoError("PROMPT_EMPTY", `${from} holds no prompt`);
  if (prompts.length > promptsMax)
    throw new OctoError("REQUEST_INVALID", `${from} holds ${prompts.length} prompts, the limit is ${promptsMax}`);
  for (const [index, prompt] of prompts.entries()) checkSize(prompt, `line ${index + 1} of the prompts in ${from}`);
  return prompts;
}

export async function readPrompt(words: readonly string[], stdin: Readable): Promise<string> {
  const isStdin = words.length === 1 && words[0] === "-";
  const prompt = isStdin ? await readText(stdin, "stdin", limits.promptBytesMax) : words.join(" ");
  if (prompt.trim() === "") throw new OctoError("PROMPT_EMPTY", isStdin ? "stdin holds no prompt" : "there is no prompt");
  checkSize(prompt, "the prompt");
  return prompt;
}

function checkSize(prompt: string, what: string): void {
  const bytes = Buffer.byteLength(prompt);
  if (bytes > limits.promptBytesMax)
    throw new OctoError("PROMPT_TOO_LARGE", `${what} has ${bytes} bytes, the limit is ${limits.promptBytesMax}`);
}

function whyUnreadable(name: string, code: string | undefined): string {
  if (code === "ENOENT") return `there is no file ${name}`;
  if (code === "EISDIR") return `${name} is a folder`;
  return code === "EACCES" ? `${name} may not be read by you` : `${name} cannot be read: ${code ?? "unknown error"}`;
}

async function readText(source: Readable, name: string, bytesMax: number): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const chunk of source) {
      const piece = Buffer.from(chunk);
      bytes += piece.length;
      if (bytes > bytesMax) throw new OctoError("PROMPT_TOO_LARGE", `${name} has more than ${bytesMax} bytes`);
      chunks.push(piece);
    }
  } catch (thrown) {
    if (thrown instanceof OctoError) throw thrown;
    throw new OctoError("ATTACHMENT_UNREADABLE", whyUnreadable(name, systemErrorCode(thrown)), { cause: thrown });
  }
  return Buffer.concat(chunks).toString();
}
