import { oneLine } from "../../inert";
import type { Client } from "../client";
import type { NameKind } from "./name-kinds";

/** A person waits at the Tab key. */
const deadlineMs = 700;
const namesMax = 100;
const meaningLengthMax = 60;

interface Named {
  readonly name: string;
  readonly meaning: string;
}

/**
 * Names a line each, with what they mean after a tab where the shell shows it. Empty when the bridge is away, slow, or of another
 * version: nothing is worse at the Tab key than an error. Starts no bridge.
 */
export async function namesOf(client: Client, kind: NameKind, { meanings }: { readonly meanings: boolean }): Promise<string> {
  const late = new Promise<readonly Named[]>((resolve) => setTimeout(resolve, deadlineMs, []).unref());
  const named = await Promise.race([late, listNames(client, kind).catch(() => [])]);
  return named
    .filter(({ name }) => /^[\w.-]+$/.test(name))
    .slice(0, namesMax)
    .map(({ name, meaning }) => (meanings ? `${name}\t${oneLine(meaning).slice(0, meaningLengthMax)}\n` : `${name}\n`))
    .join("");
}

async function listNames(client: Client, kind: NameKind): Promise<readonly Named[]> {
  const options = { timeoutMs: deadlineMs };
  switch (kind) {
    case "tasks": {
      const { tasks } = await client.call("list_tasks", { all: true, brief: true, limit: namesMax }, options);
      return tasks.map(({ id, state, prompt }) => ({ name: id, meaning: `${state}: ${prompt}` }));
    }
    case "instances": {
      const { instances } = await client.call("list_opencode_servers", {}, options);
      return instances.map(({ name, state }) => ({ name, meaning: `instance, ${state}` }));
    }
    case "tasks-instances":
      return (await Promise.all([listNames(client, "instances"), listNames(client, "tasks")])).flat();
    case "hosts": {
      const { hosts } = await client.call("list_hosts", {}, options);
      return hosts.map(({ name }) => ({ name, meaning: "host" }));
    }
    case "asks": {
      const { asks } = await client.call("list_asks", {}, options);
      return asks.map(({ id, title }) => ({ name: id, meaning: title }));
    }
  }
}
