/** A call of one of OpenCode's own tools (names and arguments as OpenCode 1.18.33 sends their schemas in a request). */
export interface ToolCall {
  readonly name: "bash" | "write" | "edit" | "question" | "task";
  readonly arguments: Readonly<Record<string, unknown>>;
}

/**
 * `command git push` runs what `git push` runs, and is a command of its own to OpenCode's permissions:
 * the stand-in's configuration asks for everything that starts so.
 */
export const askPrefix = "command ";

/** From the text after the colon to the call; undefined when it cannot be read. `\n` in a text means a new line. */
export const toolCallParsers: Readonly<Record<string, (argument: string) => ToolCall | undefined>> = {
  bash: (command) => (command === "" ? undefined : bash(command)),
  ask: (command) => (command === "" ? undefined : bash(`${askPrefix}${command}`)),
  write(argument) {
    const [path, content] = fields(argument, 2);
    return path && content !== undefined ? { name: "write", arguments: { filePath: path, content: lines(content) } } : undefined;
  },
  edit(argument) {
    const [path, before, after] = fields(argument, 3);
    if (!path || before === undefined || after === undefined) return undefined;
    return { name: "edit", arguments: { filePath: path, oldString: lines(before), newString: lines(after) } };
  },
  ensure(argument) {
    const [path, line] = fields(argument, 2);
    return path && line ? bash(ensureCommand(path, line)) : undefined;
  },
  question(argument) {
    const [text, ...labels] = argument.split("|");
    if (!text || labels.length === 0) return undefined;
    const options = labels.map((label) => ({ label, description: `Choose ${label}` }));
    return { name: "question", arguments: { questions: [{ question: text, header: text.slice(0, 30), options }] } };
  },
  child: (prompt) =>
    prompt === "" ? undefined : { name: "task", arguments: { description: "Do a part of it", prompt, subagent_type: "general" } },
};

function bash(command: string): ToolCall {
  return { name: "bash", arguments: { command } };
}

/** Appends the line only when the file does not hold it; a last line without its end is ended first. POSIX sh. */
function ensureCommand(path: string, line: string): string {
  const file = quoted(path);
  const text = quoted(line);
  return (
    `mkdir -p "$(dirname -- ${file})" && { grep -qxF -e ${text} -- ${file} 2>/dev/null || ` +
    `{ if [ -s ${file} ] && [ -n "$(tail -c 1 -- ${file})" ]; then echo >> ${file}; fi; printf '%s\\n' ${text} >> ${file}; }; }`
  );
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

/** At most `count` fields; the last one keeps its bars. */
function fields(text: string, count: number): string[] {
  const all = text.split("|");
  return all.length <= count ? all : [...all.slice(0, count - 1), all.slice(count - 1).join("|")];
}

function lines(text: string): string {
  return text.replaceAll("\\n", "\n");
}
