import type { Processes } from "../../ports/processes";

/**
 * Marks a server and, by inheritance, all that it starts. A bridge that died between spawning a server and storing its
 * identity finds it again by this name and value.
 */
const instanceMarkName = "OCTO_INSTANCE";

/** Holds the folder, since two bridges with states of their own may use the same id. */
export function instanceMark(instanceRoot: string, incarnation: number): string {
  return `${instanceRoot}:${incarnation}`;
}

/**
 * OpenCode's main process sets these for its children (`OPENCODE=1`, `OPENCODE_PID=<server>`), so a process that has them
 * from its start is a child of a server and never the server. A bridge started inside an OpenCode tool inherits them.
 */
const childMarkNames: readonly string[] = ["OPENCODE", "OPENCODE_PID"];

/** The whole environment of a server; secrets go this way because arguments can be read by everybody. */
export function serverEnvironment(
  base: Readonly<Record<string, string>>,
  own: { readonly password: string; readonly mark: string; readonly database: string | undefined },
): Readonly<Record<string, string>> {
  const inherited = Object.fromEntries(Object.entries(base).filter(([name]) => !childMarkNames.includes(name)));
  return {
    ...inherited,
    OPENCODE_SERVER_USERNAME: "opencode",
    OPENCODE_SERVER_PASSWORD: own.password,
    OPENCODE_DISABLE_AUTOUPDATE: "1",
    ...(own.database === undefined ? {} : { OPENCODE_DB: own.database }),
    [instanceMarkName]: own.mark,
  };
}

/** Everything that carries the mark: the server and its children, also children that outlived it. */
export function findMarked(processes: Processes, mark: string) {
  return processes.findByEnvironment(instanceMarkName, mark);
}

/** What a server with this pid started: OpenCode gives `OPENCODE_PID` to all its children. */
export function findStartedBy(processes: Processes, serverPid: number) {
  return processes.findByEnvironment("OPENCODE_PID", String(serverPid));
}

/** Children of any OpenCode. */
export function findChildrenOfServers(processes: Processes) {
  return processes.findByEnvironment("OPENCODE", "1");
}
