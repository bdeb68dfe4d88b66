import type { InstanceId, TaskId } from "../../../shared/ids";
import { routes } from "../../../shared/protocol";
import { resultOf } from "../client";
import { httpText } from "../http-call";
import { type Guest, guest } from "./guest";

const attachTimeoutMs = 20_000;

/** Starts OpenCode's own TUI on a task's session, or on an instance. `beforeStart` gives the terminal up. Raises what the bridge says against it. */
export async function attachSession(socketPath: string, target: InstanceId | TaskId, beforeStart: () => void): Promise<Guest> {
  const path = `${routes.paneAttach}?target=${target}`;
  const text = await httpText({ socketPath, method: "GET", path, timeoutMs: attachTimeoutMs });
  // A refusal is JSON; values are lines.
  if (text.startsWith("{")) resultOf(JSON.parse(text), socketPath);
  const values = text.split("\n").map((line): readonly [string, string] => {
    const at = line.indexOf("=");
    return [line.slice(0, at), line.slice(at + 1)];
  });
  const first = (name: string): string | undefined => values.find(([each]) => each === name)?.[1];
  const [program = "opencode", ...before] = values.filter(([name]) => name === "command").map(([, word]) => word);
  const [directory, session] = [first("directory"), first("session")];
  const argv = [
    ...before,
    "attach",
    first("url") ?? "",
    ...(directory === undefined ? [] : ["--dir", directory]),
    ...(session === undefined ? [] : ["--session", session]),
  ];
  // As the server was started: with its own user's name and without updating itself. The password is in no argument.
  const own = { OPENCODE_SERVER_USERNAME: "opencode", OPENCODE_SERVER_PASSWORD: first("password") ?? "", OPENCODE_DISABLE_AUTOUPDATE: "1" };
  return guest(program, argv, { environment: own, beforeStart });
}
