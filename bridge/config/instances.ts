import { z } from "zod";
import { defaultPolicy } from "../core/policy";
import { count, minuteMs } from "./values";

export const instancesSection = z
  .strictObject({
    slots: count(1, 64).default(4).describe("Tasks at the same time, each instance."),
    max: count(1, 256).default(defaultPolicy.instancesMax).describe("Instances of this machine."),
    startTimeoutMs: count(1_000, 30 * minuteMs)
      .default(defaultPolicy.startTimeoutMs)
      .describe("From start to ready; a cold server on a busy machine takes long."),
    startsAtOnceMax: count(1, 16).default(defaultPolicy.startsAtOnceMax).describe("Instances that boot at the same time."),
    rssMaxBytes: count(0, 2 ** 50)
      .default(defaultPolicy.rssMaxBytes)
      .describe("An idle instance with more memory than this is restarted; 0: never."),
    restartsMax: count(0, 100)
      .default(defaultPolicy.restartsMax)
      .describe("Unexpected exits within a minute; one more, and the instance has failed and waits for you."),
    stopGraceMs: count(0, 10 * minuteMs)
      .default(5_000)
      .describe("What a server gets to end its turns in before it is killed."),
  })
  .prefault({});
