import type { TranscriptEntry } from "../../ports/opencode";
import type { Message, Part } from "./schemas";
import { toolTitle } from "./tool-title";

/** What was said and done, in order; thinking, snapshots and OpenCode's own texts left out. */
export function toTranscript(messages: readonly Message[]): readonly TranscriptEntry[] {
  return messages.flatMap(({ info, parts }) => parts.flatMap((part) => toEntry(info.role, part)));
}

function toEntry(role: "user" | "assistant", part: Part): readonly TranscriptEntry[] {
  if (part.type === "text") {
    const isShown = part.synthetic !== true && part.ignored !== true && part.text !== undefined && part.text !== "";
    return isShown ? [{ role, text: part.text ?? "" }] : [];
  }
  if (part.type !== "tool") return [];
  const title = toolTitle(part);
  return [{ role: "tool", text: `${part.tool ?? "tool"}${title === "" ? "" : `: ${title}`} (${part.state?.status ?? "unknown"})` }];
}
