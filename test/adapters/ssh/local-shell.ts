import { spawn } from "node:child_process";
import { once } from "node:events";
import { expect } from "vitest";
import { bootstrap } from "../../../bridge/adapters/ssh/remote-program";
import { eventually } from "../../helpers/eventually";

export interface LocalRun {
  /** `sh` and its first arguments. */
  readonly shell: readonly [string, ...string[]];
  readonly environment: Readonly<Record<string, string>>;
  readonly owner: string;
  readonly script: string;
}

/** Runs a script with the functions that a host gets, without ssh and without a bridge; gives the lines of its stdout. */
export async function runLocally({ shell, environment, owner, script }: LocalRun): Promise<readonly string[]> {
  const [program, ...rest] = shell;
  const child = spawn(program, [...rest, "-s"], { env: { PATH: process.env.PATH, ...environment }, stdio: ["pipe", "pipe", "ignore"] });
  const exit = once(child, "exit");
  let stdout = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    stdout += text;
  });
  child.stdin.write(bootstrap(owner, "n"));
  // A shell may have read ahead until then.
  await eventually(() => expect(stdout).toContain("n ready\n"));
  child.stdin.end(`n:1\nocto_use ${owner}\n${script}\nn:1.\n`);
  await exit;
  await eventually(() => expect(stdout).toMatch(/\nn:1 \d+\n/));
  const [, answer = ""] = stdout.split("n ready\n");
  const [lines = "", code] = answer.split("\nn:1 ");
  if (code?.trim() !== "0") throw new Error(`the script ended with ${code}: ${lines}`);
  return lines.split("\n").filter((line) => line !== "");
}
