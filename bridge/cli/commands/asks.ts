import type { Command } from "commander";
import type { AskAnswer, AskView } from "../../../shared/ask";
import { oneLine } from "../../inert";
import { OctoError } from "../../octo-error";
import { action, type Cli } from "../cli";
import type { ExitCode } from "../exit-code";
import { findAsk } from "../find";

export function addAsks(program: Command): void {
  program
    .command("asks")
    .description("list the permissions and questions that wait for you")
    .option("--json", "print JSON")
    .action(
      action(async (cli: Cli) => {
        const { asks } = await cli.client.call("list_asks", {});
        return cli.print({ asks }, async () => (await import("../show-asks")).showAsks(asks, cli.terminal.outStyle));
      }),
    );
  program
    .command("allow <ask>")
    .description("allow what is asked for, this once")
    .option("--always", "and from now on, as the ask says")
    .option("--json", "print JSON")
    .action(
      action(async (cli: Cli, given: string, options: { readonly always?: boolean }) =>
        answer(cli, given, ({ content, id }) => {
          if (content.kind === "question") throw new OctoError("ASK_ANSWER_INVALID", `${id} is a question: octo answer ${id} LABEL…`);
          return { kind: "allow", scope: options.always ? "always" : "once" };
        }),
      ),
    );
  program
    .command("deny <ask>")
    .description("deny what is asked for; with a message the model goes on, without one its turn stops")
    .option("--message <text>", "what the model is told")
    .option("--json", "print JSON")
    .action(
      action(async (cli: Cli, given: string, options: { readonly message?: string }) =>
        answer(cli, given, () => ({ kind: "deny", message: options.message })),
      ),
    );
  program
    .command("answer <ask> <label...>")
    .description("answer a question with its options, by label or number")
    .option("--json", "print JSON")
    .action(
      action(async (cli: Cli, given: string, labels: readonly string[]) => {
        const { toAnswer } = await import("../answers");
        return answer(cli, given, (ask) => toAnswer(ask, labels));
      }),
    );
}

async function answer(cli: Cli, given: string, choose: (ask: AskView) => AskAnswer): Promise<ExitCode> {
  const ask = await findAsk(cli.client, given);
  const chosen = choose(ask);
  const result = await cli.client.call("answer_ask", { askId: ask.id, answer: chosen, surface: "cli" });
  return cli.print(result, () => `${showChoice(chosen)}: ${oneLine(ask.title)}\n`);
}

function showChoice(chosen: AskAnswer): string {
  if (chosen.kind === "allow") return chosen.scope === "always" ? "always allowed" : "allowed once";
  return chosen.kind === "deny" ? "denied" : `answered ${chosen.answers.map((labels) => oneLine(labels.join(", "))).join("; ")}`;
}
