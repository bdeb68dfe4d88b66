import { expect } from "vitest";
import { createOpenCode } from "../../bridge/adapters/opencode/opencode";
import type { Endpoint, EventStream, OpenAsk, OpenCode, OpenCodeClient, ServerNews, TurnReport } from "../../bridge/ports/opencode";
import { eventually } from "../helpers/eventually";

/** A server under contract, and the ways to steer the model behind it. */
export interface ContractServer extends AsyncDisposable {
  readonly endpoint: Endpoint;
  readonly pid: () => number;
  /** A folder that turns work in. */
  readonly directory: string;
  /** `provider/model` of what the configuration offers. */
  readonly model: string;
  /** How long one turn may take on it. */
  readonly patienceMs: number;
  openGate(name: string): Promise<void>;
  /** Turns begun under a task's mark. */
  turns(task: string): Promise<number>;
  /** SIGKILL, and again on the same data and port. */
  restart(): Promise<void>;
}

/** What the tests of the contract talk through: one client and one stream on one server. */
export interface Place extends AsyncDisposable {
  readonly server: ContractServer;
  readonly openCode: OpenCode;
  readonly client: OpenCodeClient;
  readonly directory: string;
  /** Everything the stream said, in order. */
  readonly news: readonly ServerNews[];
  session(): Promise<string>;
  /** Sends a prompt in a session of its own, or in the one given, and returns its place. */
  send(text: string, more?: SendOptions): Promise<Sent>;
  until<Value>(check: () => Value | Promise<Value>): Promise<Value>;
  ended(sent: Sent): Promise<Extract<TurnReport, { kind: "ended" }>>;
  /** Waits for the one ask that a turn opens. */
  ask(sent: Sent): Promise<OpenAsk>;
}

export interface SendOptions {
  readonly sessionId?: string;
  readonly model?: string;
  readonly agent?: string;
}

export interface Sent {
  readonly directory: string;
  readonly sessionId: string;
  readonly messageId: string;
}

export async function openPlace(make: () => Promise<ContractServer>): Promise<Place> {
  const server = await make();
  const openCode = createOpenCode();
  const client = openCode.connect(server.endpoint);
  const news: ServerNews[] = [];
  const { stream, opened } = watchInto(openCode, server.endpoint, news);
  const { directory, patienceMs } = server;
  const until: Place["until"] = (check) => eventually(check, { timeoutMs: patienceMs, intervalMs: 50 });
  const session = async (): Promise<string> => (await client.createSession({ directory, title: "contract" })).sessionId;
  const close = async (): Promise<void> => {
    await stream.close();
    await client.close();
    await server[Symbol.asyncDispose]();
  };
  try {
    await until(() => opened);
  } catch (thrown) {
    await close();
    throw thrown;
  }
  return {
    ...{ server, openCode, client, directory, news, until, session },
    async send(text, { sessionId = undefined, ...more } = {}) {
      const sent = { directory, sessionId: sessionId ?? (await session()), messageId: openCode.messageId() };
      await client.prompt({ ...sent, parts: [{ id: openCode.partId(), content: { kind: "text", text } }], ...more });
      return sent;
    },
    ended: (sent) =>
      until(async () => {
        const report = await client.turn(sent);
        if (report.kind !== "ended") throw new Error(`the turn is ${JSON.stringify(report)}`);
        return report;
      }),
    ask: (sent) =>
      until(async () => {
        const asks = (await client.asks(directory)).filter(({ rootSessionId }) => rootSessionId === sent.sessionId);
        expect(asks).toHaveLength(1);
        return firstOf(asks);
      }),
    [Symbol.asyncDispose]: close,
  };
}

function watchInto(
  openCode: OpenCode,
  endpoint: Endpoint,
  news: ServerNews[],
): { readonly stream: EventStream; readonly opened: Promise<void> } {
  let open = (): void => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  const stream = openCode.watch(endpoint, { opened: open, news: (item) => news.push(item), alive: () => {}, lost: () => {} });
  return { stream, opened };
}

function firstOf<Item>(items: readonly Item[]): Item {
  const [first] = items;
  if (first === undefined) throw new Error("there is none");
  return first;
}
