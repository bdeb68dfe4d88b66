import type { Command } from "commander";
import { nextStep } from "../../../shared/errors";
import { plural } from "../../figures";
import { inert } from "../../inert";
import { OctoError } from "../../octo-error";
import { action, type Cli } from "../cli";
import { type ExitCode, exitCodes } from "../exit-code";
import { toJson } from "../terminal";

// zod and the parser are loaded by these commands alone.

export function addConfig(program: Command): void {
  const config = program.command("config").description("the configuration file: check it, show what counts, print its schema");
  config
    .command("check")
    .description("check the configuration file, or another one, as a whole: every fault with file, line and value")
    .argument("[file]", "the file")
    .option("--json", "print JSON")
    .action(action(check));
  config
    .command("show")
    .description("show every field with the value that counts; secrets stay hidden")
    .option("--json", "print JSON")
    .action(action(show));
  config
    .command("schema")
    .description("print the file's JSON Schema, for editors")
    .option("--json", "print JSON (it is)")
    .action(
      action(async (cli: Cli) => {
        const { configJsonSchema } = await import("../../config/fields");
        cli.terminal.out(toJson(configJsonSchema()));
        return exitCodes.succeeded;
      }),
    );
}

async function check(cli: Cli, named: string | undefined): Promise<ExitCode> {
  const { checkConfig, showFault } = await import("../../config/read-config");
  const file = named ?? cli.folders.configFile;
  const { faults, there } = await checkConfig(file);
  if (named !== undefined && !there) throw new OctoError("CONFIG_INVALID", `there is no ${file}`);
  const code = "CONFIG_INVALID" as const;
  const next = nextStep({ code, message: "" });
  await cli.print({ file, there, faults: faults.map((fault) => ({ code, ...fault, next })) }, () => {
    const { red, dim, green } = cli.terminal.outStyle;
    if (!there) return `${green("ok")}  there is no ${inert(file)}: everything has its default\n`;
    if (faults.length === 0) return `${green("ok")}  ${inert(file)}\n`;
    const lines = faults.map((fault) => `${red("fault")} ${inert(showFault(file, fault))}\n`);
    return `${lines.join("")}${dim(`${plural(faults.length, "fault")} (${code}). ${next}`)}\n`;
  });
  return faults.length === 0 ? exitCodes.succeeded : exitCodes.failed;
}

async function show(cli: Cli): Promise<ExitCode> {
  const [{ readConfig }, { withoutSecrets }, { configFields, valueAt }] = await Promise.all([
    import("../../config/read-config"),
    import("../../config/redact"),
    import("../../config/fields"),
  ]);
  const file = cli.folders.configFile;
  const config = withoutSecrets(await readConfig(file));
  return cli.print({ file, config }, () => {
    const { dim, bold } = cli.terminal.outStyle;
    const lines = configFields().map(({ path, defaultValue }) => {
      const [value, usual] = [JSON.stringify(valueAt(config, path)), JSON.stringify(defaultValue)];
      const text = `${path.join(".")} = ${inert(value ?? "(not set)")}`;
      return value === usual ? dim(text) : `${bold(text)}${usual === undefined ? "" : dim(`  (default ${usual})`)}`;
    });
    return `${dim(`# ${inert(file)}`)}\n${lines.join("\n")}\n`;
  });
}
