import { execFile, spawn } from "node:child_process";
import { type Command, Option } from "commander";
import type { OpenResult } from "../../../shared/result";
import { inert } from "../../inert";
import { OctoError } from "../../octo-error";
import { systemErrorCode } from "../../system-error-code";
import { action, type Cli } from "../cli";
import { type ExitCode, exitCodes } from "../exit-code";
import { findTask } from "../find";

const openTimeoutMs = 120_000;
const weztermTimeoutMs = 10_000;

interface OpenOptions {
  readonly editor?: boolean;
  readonly pane?: boolean;
  readonly print?: boolean;
}

export function addOpen(program: Command): void {
  program
    .command("open <task>")
    .description("open a task's work in your editor ($VISUAL, $EDITOR), in a worktree of its branch")
    .addOption(new Option("--editor", "in the editor (default)").conflicts(["pane", "print"]))
    .addOption(new Option("--pane", "a shell there, in a new tab of this WezTerm window").conflicts("print"))
    .option("--print", "only print the folder")
    .option("--json", "only print the folder, as JSON")
    .action(
      action(async (cli: Cli, given: string, options: OpenOptions): Promise<ExitCode> => {
        const editor = cli.environment.VISUAL || cli.environment.EDITOR;
        const quiet = options.print === true || cli.json;
        const { id: taskId } = await findTask(cli.client, given);
        if (!quiet && !options.pane && !editor) throw new OctoError("EDITOR_MISSING", "neither $VISUAL nor $EDITOR is set");
        if (options.pane && !cli.environment.WEZTERM_PANE) throw new OctoError("PANE_UNSUITABLE", "this terminal is no pane of WezTerm");
        const { open } = await cli.client.call("open_task", { taskId }, { timeoutMs: openTimeoutMs });
        if (quiet) return cli.print({ open }, () => `${open.path}\n`);
        cli.terminal.note(said(open));
        return options.pane ? await openPane(cli, open.path) : await openEditor(editor ?? "", open.path);
      }),
    );
}

function said({ path, branch, live }: OpenResult): string {
  const what = branch === undefined ? "" : ` (${branch}${live ? ", the task is at work there" : ""})`;
  return inert(`${path}${what}\n`);
}

/** An editor's value is a shell's text by convention (git-var(1)); the folder is an argument of it. */
async function openEditor(editor: string, path: string): Promise<ExitCode> {
  const child = spawn("/bin/sh", ["-c", `${editor} "$@"`, "editor", path], { cwd: path, stdio: "inherit" });
  const code = await new Promise<number>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (exit) => resolve(exit ?? 1));
  });
  return code === 0 ? exitCodes.succeeded : exitCodes.failed;
}

/** In the GUI whose pane this is: WEZTERM_UNIX_SOCKET and WEZTERM_PANE name it. */
async function openPane(cli: Cli, path: string): Promise<ExitCode> {
  const program = cli.environment.WEZTERM_EXECUTABLE_DIR ? `${cli.environment.WEZTERM_EXECUTABLE_DIR}/wezterm` : "wezterm";
  await new Promise<void>((resolve, reject) => {
    execFile(program, ["cli", "spawn", "--cwd", path], { timeout: weztermTimeoutMs, killSignal: "SIGKILL" }, (failure, _, stderr) => {
      if (!failure) return resolve();
      const missing = systemErrorCode(failure) === "ENOENT";
      reject(
        new OctoError(missing ? "WEZTERM_MISSING" : "WEZTERM_FAILED", `wezterm cli spawn: ${inert(stderr).trim() || failure.message}`),
      );
    });
  });
  return exitCodes.succeeded;
}
