import { oneLine } from "../../inert";
import { cutText } from "./bounded-schemas";
import type { Part } from "./schemas";

const titleCharactersMax = 120;
/** Input fields that tell best what a tool does, in this order: the names of OpenCode's own tools. */
const tellingInputs = ["description", "command", "filePath", "pattern", "path", "url", "query"];

/** One short line that tells what the tool does: its own title, or else the most telling field of its input; may be empty. */
export function toolTitle(part: Part): string {
  const { title, input } = part.state ?? {};
  const told = tellingInputs.map((name) => input?.[name]).find((value) => typeof value === "string" && value !== "");
  const text = title !== undefined && title !== "" ? title : told;
  if (typeof text !== "string") return "";
  return cutText(oneLine(text), titleCharactersMax);
}
