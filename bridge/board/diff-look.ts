import type { Look } from "../paint/line";

/** How a line of a diff looks. */
export function diffLook(line: string): Look {
  if (/^(?:diff |\+\+\+ |--- )/.test(line)) return "bold";
  if (line.startsWith("@@")) return "cyan";
  if (line.startsWith("+")) return "green";
  return line.startsWith("-") ? "red" : "plain";
}
