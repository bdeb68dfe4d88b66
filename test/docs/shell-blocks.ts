/** A block of commands in a document. */
export interface ShellBlock {
  /** Of its first command. */
  readonly line: number;
  readonly commands: readonly string[];
  /** Why no test runs it, from `<!-- not run: REASON -->` in the line before it. */
  readonly notRun: string | undefined;
}

/** The blocks between ```sh and ```, in order. */
export function shellBlocks(text: string): readonly ShellBlock[] {
  return [...text.matchAll(/(?:<!-- not run: ([^\n]+) -->\n)?^```sh\n([\s\S]*?)^```$/gm)].map(([, notRun, body = ""], index, all) => {
    const start = text.indexOf(body, all[index]?.index);
    return { line: text.slice(0, start).split("\n").length, commands: body.trimEnd().split("\n"), notRun };
  });
}
