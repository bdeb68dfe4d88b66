import type { Command } from "commander";
import { type CommandWords, commandWords } from "./command-words";

/** A completion for fish, with what each command and option means. */
export function fishScript(program: Command): string {
  const commands = commandWords(program);
  const lines = [
    ...commands.map(({ name, description }) => `complete -c octo -n __fish_use_subcommand -f -a ${name} -d '${description}'`),
    ...commands.flatMap((command) => linesOf(command, `__fish_seen_subcommand_from ${command.name}`)),
  ];
  return `${lines.join("\n")}\n`;
}

function linesOf(command: CommandWords, when: string): readonly string[] {
  const subs = command.subcommands.map(({ name }) => name).join(" ");
  return [
    ...command.options.map(({ long, description, names }) => {
      const value = names ? ` -x -a '(octo completion fish --names ${names} 2>/dev/null)'` : "";
      return `complete -c octo -n '${when}' -l ${long.slice(2)} -d '${description}'${value}`;
    }),
    ...(command.names ? [`complete -c octo -n '${when}' -f -a '(octo completion fish --names ${command.names} 2>/dev/null)'`] : []),
    ...command.subcommands.flatMap((sub) => [
      `complete -c octo -n '${when}; and not __fish_seen_subcommand_from ${subs}' -f -a ${sub.name} -d '${sub.description}'`,
      ...linesOf(sub, `${when}; and __fish_seen_subcommand_from ${sub.name}`),
    ]),
  ];
}
