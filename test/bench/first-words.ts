import { request } from "undici";

/** When each word of a turn (`word1 `, `word2 `, …) came first, by `performance.now()`. */
export class FirstWords {
  readonly atMs = new Map<number, number>();
  #rest = "";

  /** `text` may end anywhere, also within a word. */
  take(text: string): void {
    const nowMs = performance.now();
    const all = this.#rest + text;
    for (const [, number] of all.matchAll(/word(\d+) /g)) if (!this.atMs.has(Number(number))) this.atMs.set(Number(number), nowMs);
    this.#rest = all.slice(-16);
  }
}

/** What a server that was started with this password asks its clients for. */
export function authorizationOf(password: string): string {
  return `Basic ${Buffer.from(`opencode:${password}`).toString("base64")}`;
}

/** Reads the event stream of an OpenCode server by hand, beside octo, until the signal. */
export async function listenByHand(server: { readonly url: string; readonly password: string }, signal: AbortSignal): Promise<FirstWords> {
  const words = new FirstWords();
  const headers = { authorization: authorizationOf(server.password) };
  const { body } = await request(`${server.url}/global/event`, { headers, signal, bodyTimeout: 0 });
  body.on("data", (bytes: Buffer) => words.take(bytes.toString("latin1")));
  // Aborted by us.
  body.on("error", () => undefined);
  return words;
}
