import type { Command } from "commander";
import type { NameKind } from "./name-kinds";

/** A command as a completion needs it. */
export interface CommandWords {
  readonly name: string;
  readonly description: string;
  /** `--long` options; what a value of it names. */
  readonly options: readonly { readonly long: string; readonly description: string; readonly names: NameKind | undefined }[];
  /** What its arguments name. */
  readonly names: NameKind | undefined;
  readonly subcommands: readonly CommandWords[];
}

const argumentKinds: Readonly<Record<string, NameKind>> = {
  task: "tasks",
  "task-or-instance": "tasks-instances",
  instance: "instances",
  ask: "asks",
};
const optionKinds: Readonly<Record<string, NameKind>> = { "--after": "tasks", "--instance": "instances", "--host": "hosts" };

/** The commands of the program, or the subcommands of a command. */
export function commandWords(program: Command): readonly CommandWords[] {
  return program.commands.map((command) => {
    const [argument] = command.registeredArguments;
    const ofHosts = program.name() === "hosts" && command.name() !== "add" && argument?.name() === "name";
    return {
      name: command.name(),
      description: plain(command.description()),
      options: command.options.flatMap(({ long, description, hidden }) =>
        long && !hidden ? [{ long, description: plain(description), names: optionKinds[long] }] : [],
      ),
      names: ofHosts ? "hosts" : argumentKinds[argument?.name() ?? ""],
      subcommands: commandWords(command),
    };
  });
}

/** Nothing in it that a shell reads. */
function plain(text: string): string {
  return text.replace(/[^\w ,.;-]/g, "");
}
