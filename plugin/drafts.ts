import * as wezterm from "wezterm";
import { attempt } from "./attempt";
import { toUtf8 } from "./inert";
import { ensurePrivateFile, readFile, writeFile } from "./link/private-file";
import { setup } from "./setup";

// Prompts that were written and not sent: kept until they are, in files that only the user may read.

/** The bridge's limit is 1 MiB; one byte more tells that a draft is longer. */
const draftBytesMax = 1024 * 1024 + 1;

function draftsFolder(): string {
  return `${setup().folders.state}/drafts`;
}

/** A new empty draft. Yields. Undefined when it cannot be made. */
export function newDraft(): string | undefined {
  const path = `${draftsFolder()}/${os.date("%Y%m%d-%H%M%S")}-${string.format("%04x", math.random(0, 0xffff))}.md`;
  return ensurePrivateFile(path) ? path : undefined;
}

/** Keeps a prompt that could not be sent. Yields. */
export function keepAsDraft(prompt: string): string | undefined {
  const path = newDraft();
  return path !== undefined && writeFile(path, prompt) ? path : undefined;
}

/** As text that can be sent: UTF-8 in any case. */
export function readDraft(path: string): string {
  return toUtf8(readFile(path, draftBytesMax) ?? "");
}

export function dropDraft(path: string): void {
  os.remove(path);
}

/** The drafts with something in them, newest first. Yields. */
export function keptDrafts(): readonly string[] {
  const found = attempt(() => wezterm.glob(`${draftsFolder()}/*.md`));
  if (!found.ok) return [];
  const paths = [...found.value];
  // Their names begin with the time.
  table.sort(paths, (first, second) => first > second);
  return paths.filter((path) => !isBlank(readFile(path, 256) ?? ""));
}

export function isBlank(text: string): boolean {
  return string.find(text, "%S")[0] === undefined;
}
