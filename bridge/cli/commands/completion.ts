import { Argument, type Command, Option } from "commander";
import { action, type Cli } from "../cli";
import { isNameKind, nameKinds } from "../completion/name-kinds";
import { exitCodes } from "../exit-code";

const shells = ["bash", "zsh", "fish"] as const;
type Shell = (typeof shells)[number];

/** The words after `octo`, and the options of each, from the program itself: nothing to keep in step. Names come from the bridge. */
export function addCompletion(program: Command): void {
  program
    .command("completion")
    .description("print a script for the shell's completion")
    .addArgument(new Argument("<shell>", "the shell").choices(shells))
    // What the scripts call themselves at the Tab key.
    .addOption(new Option("--names <kind>").choices(nameKinds).hideHelp())
    .addHelpText("after", '\nbash: eval "$(octo completion bash)"   zsh: the same   fish: octo completion fish | source')
    .action(
      action(async (cli: Cli, shell: Shell, { names }: { readonly names?: string }) => {
        const { bashScript, fishScript, namesOf } = await import("../completion/completion");
        if (isNameKind(names)) cli.terminal.out(await namesOf(cli.client, names, { meanings: shell === "fish" }));
        else cli.terminal.out(shell === "fish" ? fishScript(program) : bashScript(program, { zsh: shell === "zsh" }));
        return exitCodes.succeeded;
      }),
    );
}
