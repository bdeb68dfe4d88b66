/** What the demo's tasks write about; one file each. */
export const topics = ["tides", "lichens", "sundials", "bridges", "ferns", "comets", "kites", "glaciers"] as const;
export type Topic = (typeof topics)[number];

/** The line that a task adds to its file. */
export function lineOf(topic: Topic): string {
  return `Checked by octo: ${topic}.`;
}

/**
 * A prompt with directives for the model stand-in: think for a while, make the edit, think again. The edit is one that looks first,
 * as a model does: made again after a crash it changes nothing.
 */
export function promptOf(topic: Topic, index: number): string {
  const words = 12 + 6 * (index % 4);
  return [
    `Add a line to ${topic}.md that says it was checked`,
    `[[task:${topic}]]`,
    `[[slow:${words}:120]]`,
    `[[ensure:${topic}.md|${lineOf(topic)}]]`,
    `[[slow:${words}:120]]`,
  ].join("\n");
}
