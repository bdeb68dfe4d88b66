import { Argument, type Command } from "commander";

const shells = ["bash", "zsh", "fish"] as const;
type Shell = (typeof shells)[number];

/** The words after `octo`, and the options of each, from the program itself: nothing to keep in step. */
export function addCompletion(program: Command): void {
  program
    .command("completion")
    .description("print a script for the shell's completion")
    .addArgument(new Argument("<shell>", "the shell").choices(shells))
    .addHelpText("after", '\nbash: eval "$(octo completion bash)"   zsh: the same   fish: octo completion fish | source')
    .action((shell: Shell) => {
      process.stdout.write(script(shell, program));
    });
}

function script(shell: Shell, program: Command): string {
  const commands = program.commands.map((command) => ({
    name: command.name(),
    description: command.description().replace(/[^\w ,.;-]/g, ""),
    options: command.options.flatMap(({ long }) => (long ? [long] : [])),
  }));
  if (shell === "fish") {
    const lines = commands.flatMap(({ name, description, options }) => [
      `complete -c octo -n __fish_use_subcommand -f -a ${name} -d '${description}'`,
      ...options.map((option) => `complete -c octo -n '__fish_seen_subcommand_from ${name}' -l ${option.slice(2)}`),
    ]);
    return `${lines.join("\n")}\n`;
  }
  const names = commands.map(({ name }) => name).join(" ");
  const cases = commands.map(({ name, options }) => `    ${name}) words="${options.join(" ")}" ;;`);
  const bash = [
    "_octo() {",
    "  local words",
    '  case "$' + '{COMP_WORDS[1]}" in',
    ...cases,
    "  esac",
    `  [ "$COMP_CWORD" -eq 1 ] && words="${names}"`,
    '  COMPREPLY=($(compgen -W "$words" -- "$' + '{COMP_WORDS[COMP_CWORD]}"))',
    "}",
    "complete -o default -F _octo octo",
  ];
  const before = shell === "zsh" ? ["autoload -U +X bashcompinit && bashcompinit"] : [];
  return `${[...before, ...bash].join("\n")}\n`;
}
