import type { AttemptEffect, Effect, InstanceEffect } from "../core/effect";
import { answerAsk } from "./answer-ask";
import { runAttemptEffect } from "./attempt-effects";
import type { EffectParts } from "./effect-parts";
import { forgetDirectory, runInstanceEffect } from "./instance-effects";

/** Runs effects, each by itself: a slow one holds up no other. What comes of it is posted as an event. */
export function createEffectRunner(parts: EffectParts): (effect: Effect) => void {
  return (effect) => {
    void start(parts, effect).catch((thrown: unknown) => {
      // Every handler turns failures of the outside into events; what arrives here is a fault of ours.
      parts.log("effect failed", {
        effect: effect.kind,
        error: thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown),
      });
      parts.crash(thrown);
    });
  };
}

function start(parts: EffectParts, effect: Effect): Promise<void> {
  if (effect.kind === "answer-ask") return answerAsk(parts, effect);
  if (effect.kind === "forget-directory") return forgetDirectory(parts, effect);
  return isAttemptEffect(effect) ? runAttemptEffect(parts, effect) : runInstanceEffect(parts, effect);
}

function isAttemptEffect(effect: AttemptEffect | InstanceEffect): effect is AttemptEffect {
  return "fence" in effect;
}
