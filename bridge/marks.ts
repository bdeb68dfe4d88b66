import { join, sep } from "node:path";

const markNames: readonly string[] = ["OCTO_INSTANCE", "OCTO_COMMANDS", "OCTO_COMMAND", "OCTO_GIT", "OPENCODE", "OPENCODE_PID"];

/**
 * Without what octo and OpenCode put into the environment of their children. By it they find and end what those leave behind: a bridge that
 * a hook or an agent's tool starts would be taken for a leftover, with all its servers.
 */
export function withoutMarks(environment: Readonly<Record<string, string>>, stateFolder: string): Readonly<Record<string, string>> {
  const instances = join(stateFolder, "instances") + sep;
  const isMark = (name: string, value: string): boolean =>
    markNames.includes(name) || (name === "OPENCODE_DB" && value.startsWith(instances));
  return Object.fromEntries(Object.entries(environment).filter(([name, value]) => !isMark(name, value)));
}
