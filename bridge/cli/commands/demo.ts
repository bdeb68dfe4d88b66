import type { Command } from "commander";
import { topics } from "../../demo/demo-tasks";
import { action } from "../cli";
import type { DemoOptions } from "../demo";
import { wholeNumber } from "../option-values";

export function addDemo(program: Command): void {
  program
    .command("demo")
    .description("show the main job on real OpenCode servers, with a model that runs here: no key, no network, nothing of yours touched")
    .option("--tasks <n>", "how many tasks", wholeNumber(1, topics.length), topics.length)
    .option("--instances <n>", "how many OpenCode servers", wholeNumber(1, 8), 2)
    .option("--no-kill", "do not kill a server half way")
    .option("--keep", "keep the demo's folder, to look around in it")
    .option("--json", "print the result as JSON")
    .action(action(async (cli, options: DemoOptions) => (await import("../demo")).demo(cli, options)));
}
