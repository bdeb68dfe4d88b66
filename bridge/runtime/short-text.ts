import { oneLine } from "../inert";

const segmenter = new Intl.Segmenter();

/** The text on one inert line, cut between characters to what takes at most `bytesMax` bytes as JSON. */
export function shortText(text: string, bytesMax: number): string {
  // Every character takes a byte at least.
  const line = oneLine(text.slice(0, bytesMax * 4));
  if (jsonBytes(line) <= bytesMax) return line;
  let bytes = jsonBytes("…");
  let end = 0;
  for (const { segment, index } of segmenter.segment(line)) {
    bytes += jsonBytes(segment);
    if (bytes > bytesMax) break;
    end = index + segment.length;
  }
  return `${line.slice(0, end)}…`;
}

/** Without the quotes around it. */
function jsonBytes(text: string): number {
  return Buffer.byteLength(JSON.stringify(text)) - 2;
}
