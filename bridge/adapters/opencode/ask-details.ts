import type { AskDetail } from "../../../shared/ask";
import { cutText } from "./bounded-schemas";
import { pruned } from "./pruned";

const detailsBytesMax = 64 * 1024;
/** What everything but the longest text may take. */
const othersBytesMax = 8 * 1024;
const detailsMax = 32;
const nameCharactersMax = 200;

/**
 * What the tool says about its request, a text a field: the command of `bash`, file and diff of `edit`, … Values that are no text come
 * as JSON. More than 64 KiB are cut at the end of the longest one, and say so.
 */
export function toDetails(metadata: Readonly<Record<string, unknown>>): readonly AskDetail[] {
  const details = Object.entries(metadata)
    .slice(0, detailsMax)
    .flatMap(([name, value]) =>
      value === undefined || value === null ? [] : [{ name: cutText(name, nameCharactersMax), text: textOf(value) }],
    );
  const bytes = details.map(({ text }) => Buffer.byteLength(text));
  if (bytes.reduce((sum, each) => sum + each, 0) <= detailsBytesMax) return details;
  const longest = bytes.indexOf(Math.max(...bytes));
  return details.map(({ name, text }, at) => ({
    name,
    text: cut(text, at === longest ? detailsBytesMax - othersBytesMax : Math.floor(othersBytesMax / details.length)),
  }));
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : (JSON.stringify(pruned(value), undefined, 2) ?? "");
}

function cut(text: string, bytesMax: number): string {
  const bytes = Buffer.from(text);
  if (bytes.length <= bytesMax) return text;
  const kept = bytes.subarray(0, bytesMax).toString().replace(/�+$/u, "");
  return `${kept}\n… ${bytes.length - Buffer.byteLength(kept)} more bytes`;
}
