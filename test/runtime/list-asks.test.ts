import { expect, test } from "vitest";
import type { Event } from "../../bridge/core/event";
import { OctoError, toErrorInfo } from "../../bridge/octo-error";
import type { OpenCodeClient } from "../../bridge/ports/opencode";
import { InstanceLinks } from "../../bridge/runtime/instance-links";
import { type ListAsksParts, listAsks } from "../../bridge/runtime/list-asks";
import { a, one, reach, ready, submit } from "../core/steps";
import { World } from "../core/world";

const unused = (): never => {
  throw new Error("not asked for");
};
const never = (): Promise<never> => new Promise(() => undefined);

/** A bridge with one task at work, whose server answers as told. */
function bridge(asks: OpenCodeClient["asks"]) {
  const world = new World();
  ready(world, a);
  submit(world, one);
  reach(world, one, "started");
  const client: OpenCodeClient = {
    ...{ health: unused, createSession: unused, prompt: unused, turn: unused, abort: unused, answer: unused, models: unused },
    ...{ disposeDirectory: unused, transcript: unused, asks, close: () => Promise.resolve() },
  };
  const openCode = { connect: () => client, watch: unused, messageId: unused, partId: unused };
  const links = new InstanceLinks({ openCode, post: unused, onNews: unused, after: unused, log: () => undefined });
  const instance = world.instance(a);
  const server = {
    identity: { pid: 1, startTime: "1", bootId: "b" },
    endpoint: { url: "http://127.0.0.1:1", password: "" },
    exited: never(),
  };
  links.open(instance, server);
  const told: Event[] = [];
  const parts: ListAsksParts = {
    links,
    state: () => world.state,
    post: (event) => told.push(event),
    epochMs: () => 0,
    stopping: new AbortController().signal,
    pause: () => Promise.resolve(),
    log: () => undefined,
    errorOf: toErrorInfo,
  };
  return { parts, instance, links, told };
}

test("asks for the open asks until the server tells them: an ask that came while nobody listened is told in no other way", async () => {
  let tries = 0;
  const { parts, instance, told } = bridge(async () => {
    tries += 1;
    if (tries < 3) throw new OctoError("INSTANCE_UNRESPONSIVE", "no answer");
    return [];
  });
  await listAsks(parts, instance);
  expect(tries).toBe(3);
  expect(told).toEqual([{ kind: "asks-listed", instanceId: a, incarnation: 1, asks: [] }]);
});

test("asks no more once the start of the instance that it asked is over", async () => {
  const { parts, instance, links, told } = bridge(() => {
    links.close(a, 1);
    return Promise.reject(new OctoError("INSTANCE_UNRESPONSIVE", "no answer"));
  });
  await listAsks(parts, instance);
  expect(told).toEqual([]);
});
