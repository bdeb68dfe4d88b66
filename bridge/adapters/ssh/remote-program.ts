import { readdirSync, readFileSync } from "node:fs";

/** Put in by build.mjs: a built program has no folder to read them from. */
declare const octoRemoteProgram: string | undefined;

/** The functions that a shell on a host gets before anything is asked of it: POSIX sh. Each file uses what is before it. */
const remoteProgram: string = typeof octoRemoteProgram === "string" ? octoRemoteProgram : readProgram();

function readProgram(): string {
  const folder = new URL("./remote/", import.meta.url);
  const names = readdirSync(folder).sort();
  return names.map((name) => readFileSync(new URL(name, folder), "utf8")).join("\n");
}

/** One word of a POSIX shell, whatever is in the text (no NUL). */
export function quote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

/** A call of a function of the remote program. */
export function callOf(name: string, ...args: readonly (string | number)[]): string {
  return [name, ...args.map((arg) => quote(String(arg)))].join(" ");
}

/** What a fresh `sh -s` reads first. The program is also kept as text: the keeper of a server gets it by a pipe. */
export function bootstrap(owner: string, nonce: string): string {
  const program = quote(remoteProgram);
  return `octo_program=${program}\neval "$octo_program"\nocto_owner=${quote(owner)}\nocto_serve ${quote(nonce)}\n`;
}
