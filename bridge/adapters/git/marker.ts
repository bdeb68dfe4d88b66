import { readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { parseJson } from "../../parse-json";

const markerSchema = z.discriminatedUnion("state", [
  /** Handed out: whatever is found in the worktree is work for this branch. */
  z.object({ state: z.literal("open"), branch: z.string() }),
  /** Given back at this commit; the branch is the user's now and octo does not move it. */
  z.object({ state: z.literal("done"), branch: z.string(), commit: z.string() }),
]);

/** What a pooled worktree was last used for. Kept in the worktree's own git folder, which goes when the worktree goes. */
export type Marker = z.infer<typeof markerSchema>;

const fileName = "octo.json";

/** Undefined when the worktree was never handed out. A damaged marker (power loss) stands for open work of a branch unknown. */
export async function readMarker(gitFolder: string): Promise<Marker | undefined> {
  const text = await readFile(join(gitFolder, fileName), "utf8").catch(() => undefined);
  if (text === undefined) return undefined;
  const parsed = markerSchema.safeParse(parseJson(text));
  return parsed.success ? parsed.data : { state: "open", branch: "octo/unknown" };
}

export async function writeMarker(gitFolder: string, marker: Marker): Promise<void> {
  const path = join(gitFolder, fileName);
  await writeFile(`${path}.new`, JSON.stringify(marker));
  await rename(`${path}.new`, path);
}
