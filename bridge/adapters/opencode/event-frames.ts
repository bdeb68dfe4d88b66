import { createParser } from "eventsource-parser";
import { OctoError } from "../../octo-error";

const frameCharactersMax = 16 * 1024 * 1024;

/** Cuts the bytes of an event stream into the data of its frames, wherever the chunks are cut. A frame over the limit raises. */
export class EventFrames {
  readonly #decoder = new TextDecoder();
  readonly #parser = createParser({
    maxBufferSize: frameCharactersMax,
    onEvent: ({ data }) => this.#frames.push(data),
    onError: (error) => {
      if (error.type === "max-buffer-size-exceeded") this.#isOverflown = true;
    },
  });
  #frames: string[] = [];
  #isOverflown = false;

  /** OPENCODE_ANSWER_INVALID. */
  feed(chunk: Uint8Array): readonly string[] {
    this.#parser.feed(this.#decoder.decode(chunk, { stream: true }));
    if (this.#isOverflown) throw new OctoError("OPENCODE_ANSWER_INVALID", `an event is longer than ${frameCharactersMax} characters`);
    const frames = this.#frames;
    this.#frames = [];
    return frames;
  }
}
