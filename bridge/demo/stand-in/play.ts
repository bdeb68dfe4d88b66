import { setTimeout as pause } from "node:timers/promises";
import type { Answer } from "./answer";
import type { Directive, Script } from "./directives";
import type { Gates } from "./gates";

/** What playing needs from the server around it. */
export interface Stage {
  readonly gates: Gates;
  /** Aborts when the client goes away or the stand-in stops. */
  readonly signal: AbortSignal;
  /** Uses one of the `times` of directive `index`; false when they are used up. */
  readonly spend: (index: number, times: number) => boolean;
  /** The answer about to be sent is a failure that OpenCode repeats by itself. */
  readonly owe: () => void;
  /** The answer about to be sent is an overflow: OpenCode compacts the session and goes on. */
  readonly oweCompaction: () => void;
}

interface Cue {
  readonly index: number;
  readonly directive: Directive;
}

const gateTimeoutMs = 600_000;
/** OpenCode drops text that arrives together with the end of the connection (seen); in the middle means it has read some. */
const cutAfterMs = 100;

/** Gives the answer for one step: the directives after the tool calls made so far, up to and with the next tool call. */
export async function play(script: Script, callsMade: number, answer: Answer, stage: Stage): Promise<void> {
  const cues = stepCues(script.directives, callsMade);
  // Statuses first: once text is streamed, no status can be sent.
  for (const cue of cues) {
    if (failedBeforehand(cue, answer, stage)) return;
  }
  for (const { index, directive } of cues) {
    const ended = await perform(index, directive, answer, stage);
    if (ended || stage.signal.aborted) return;
  }
  if (!answer.begun) answer.text(script.directives.length === 0 ? plainText : "Done.");
  answer.finish("stop");
}

const plainText = "I am octo's stand-in model: I follow directives in double brackets, and this prompt holds none.";

function stepCues(directives: readonly Directive[], callsMade: number): readonly Cue[] {
  const cues: Cue[] = [];
  let calls = 0;
  for (const [index, directive] of directives.entries()) {
    if (calls === callsMade) cues.push({ index, directive });
    if (directive.kind === "tool") calls += 1;
  }
  return cues;
}

function failedBeforehand({ index, directive }: Cue, answer: Answer, stage: Stage): boolean {
  if (directive.kind === "status" && stage.spend(index, directive.times)) {
    if (isRetriedStatus(directive.code)) stage.owe();
    answer.fail(
      directive.code,
      { message: `The stand-in was told to fail with ${directive.code}.`, code: "told_to_fail" },
      directive.retryAfterS,
    );
    return true;
  }
  if (directive.kind === "overflow" && stage.spend(index, directive.times)) {
    stage.oweCompaction();
    answer.fail(400, {
      message: "This model's maximum context length is 200000 tokens. However, your messages resulted in more.",
      code: "context_length_exceeded",
    });
    return true;
  }
  return false;
}

/** The statuses after which OpenCode 1.18.33 sends the same step again. */
function isRetriedStatus(status: number): boolean {
  return status >= 500 || status === 408 || status === 409 || status === 429;
}

/** True when the answer has ended. */
async function perform(index: number, directive: Directive, answer: Answer, stage: Stage): Promise<boolean> {
  switch (directive.kind) {
    case "say":
      answer.text(directive.text);
      return false;
    case "slow":
      await streamSlowly(directive.words, directive.gapMs, answer, stage.signal);
      return false;
    case "gate":
      answer.begin();
      await stage.gates.pass(directive.name, { timeoutMs: gateTimeoutMs, signal: stage.signal });
      return false;
    case "tool":
      // Ids of one conversation must differ; they carry no other meaning.
      answer.toolCall(`call_${index}_${Math.random().toString(36).slice(2, 12)}`, directive.call);
      answer.finish("tool_calls");
      return true;
    case "hang":
      if (!stage.spend(index, directive.times)) return false;
      await aborted(stage.signal);
      return true;
    case "cut":
      if (!stage.spend(index, directive.times)) return false;
      stage.owe();
      answer.text("This answer breaks ");
      await pauseUnless(stage.signal, cutAfterMs);
      answer.cut();
      return true;
    case "length":
      answer.finish("length");
      return true;
    case "status":
    case "overflow":
      return false;
  }
}

async function streamSlowly(words: number, gapMs: number, answer: Answer, signal: AbortSignal): Promise<void> {
  for (let word = 1; word <= words && !signal.aborted; word += 1) {
    answer.text(`word${word} `);
    await pauseUnless(signal, gapMs);
  }
}

async function pauseUnless(signal: AbortSignal, forMs: number): Promise<void> {
  await pause(forMs, undefined, { signal }).catch(() => undefined);
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener("abort", () => resolve(), { once: true });
  });
}
