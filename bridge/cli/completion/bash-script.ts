import type { Command } from "commander";
import { type CommandWords, commandWords } from "./command-words";

/** A completion for bash; for zsh the same through its own `bashcompinit`. */
export function bashScript(program: Command, { zsh }: { readonly zsh: boolean }): string {
  const commands = commandWords(program);
  const lines = [
    ...(zsh ? ["autoload -U +X bashcompinit && bashcompinit"] : []),
    "_octo() {",
    "  local words= names= cur prev",
    `  cur="$\{COMP_WORDS[COMP_CWORD]}" prev="$\{COMP_WORDS[COMP_CWORD-1]}"`,
    `  case "$\{COMP_WORDS[1]}" in`,
    ...commands.flatMap((command) => [`    ${command.name})`, ...wordsOf(command, "      "), "      ;;"]),
    "  esac",
    `  if [ "$COMP_CWORD" -eq 1 ]; then words="${commands.map(({ name }) => name).join(" ")}"; names=; fi`,
    `  case "$cur" in -*) names= ;; esac`,
    // Silent and quick where the bridge is away.
    `  if [ -n "$names" ]; then words="$words $(octo completion bash --names "$names" 2>/dev/null)"; fi`,
    `  COMPREPLY=($(compgen -W "$words" -- "$cur"))`,
    "}",
    "complete -o default -F _octo octo",
  ];
  return `${lines.join("\n")}\n`;
}

function wordsOf(command: CommandWords, indent: string): readonly string[] {
  const values = command.options.flatMap(({ long, names }) => (names ? [`${indent}  ${long}) words= names=${names} ;;`] : []));
  const own = [
    `${indent}words="${command.options.map(({ long }) => long).join(" ")}" names=${command.names ?? ""}`,
    ...(values.length > 0 ? [`${indent}case "$prev" in`, ...values, `${indent}esac`] : []),
  ];
  if (command.subcommands.length === 0) return own;
  return [
    `${indent}if [ "$COMP_CWORD" -eq 2 ]; then words="${command.subcommands.map(({ name }) => name).join(" ")}"`,
    `${indent}else case "$\{COMP_WORDS[2]}" in`,
    ...command.subcommands.flatMap((sub) => [`${indent}  ${sub.name})`, ...wordsOf(sub, `${indent}    `), `${indent}    ;;`]),
    `${indent}esac; fi`,
  ];
}
