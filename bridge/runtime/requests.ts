import { createHash } from "node:crypto";
import { OctoError } from "../octo-error";
import type { RequestRecord, Store } from "../ports/store";

/** Makes the record that is committed together with the command it answers. */
export type Recorder = (result: unknown) => RequestRecord;

/** A repeated request id is the same command: it gets the first one's answer, while it runs and ever after. */
export class Requests {
  readonly #store: Store;
  readonly #epochMs: () => number;
  readonly #running = new Map<string, { readonly digest: string; readonly answer: Promise<unknown> }>();

  constructor(store: Store, epochMs: () => number) {
    this.#store = store;
    this.#epochMs = epochMs;
  }

  /** REQUEST_REUSED when the id came before with another method or other parameters. */
  async once<Result>(
    method: string,
    requestId: string,
    params: unknown,
    run: (record: Recorder) => Promise<Result>,
    read: (result: unknown) => Result,
  ): Promise<Result> {
    const digest = createHash("sha256")
      .update(JSON.stringify([method, params]))
      .digest("base64url");
    const known = this.#running.get(requestId);
    if (known) return read(await this.#same(known.digest, digest, requestId, known.answer));
    const stored = this.#store.request(requestId);
    if (stored) return read(await this.#same(stored.digest, digest, requestId, Promise.resolve(JSON.parse(stored.resultJson))));
    const answer = run((result) => ({ requestId, method, digest, resultJson: JSON.stringify(result), atEpochMs: this.#epochMs() }));
    this.#running.set(requestId, { digest, answer });
    try {
      return await answer;
    } finally {
      this.#running.delete(requestId);
    }
  }

  #same(known: string, now: string, requestId: string, answer: Promise<unknown>): Promise<unknown> {
    if (known === now) return answer;
    return Promise.reject(new OctoError("REQUEST_REUSED", `request id ${requestId} was used for another command`));
  }
}
