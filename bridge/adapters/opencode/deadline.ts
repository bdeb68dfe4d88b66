import { OctoError } from "../../octo-error";

/** The time that the requests of one call share: each has its own deadline, and no number of them goes on for longer than the call. */
export class Deadline {
  readonly #requestMs: number;
  readonly #endsAtMs: number;

  constructor(requestMs: number, callMs: number) {
    this.#requestMs = requestMs;
    this.#endsAtMs = performance.now() + callMs;
  }

  /** What the next request may take. INSTANCE_UNRESPONSIVE when nothing is left. */
  nextMs(): number {
    const leftMs = this.#endsAtMs - performance.now();
    if (leftMs <= 0) throw new OctoError("INSTANCE_UNRESPONSIVE", "the server did not answer all that was asked in time");
    return Math.min(this.#requestMs, Math.ceil(leftMs));
  }
}
