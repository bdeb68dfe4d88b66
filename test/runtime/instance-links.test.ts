import { expect, test } from "vitest";
import type { Event } from "../../bridge/core/event";
import type { OpenCode, StreamHandlers } from "../../bridge/ports/opencode";
import { InstanceLinks } from "../../bridge/runtime/instance-links";
import { a, b, ready } from "../core/steps";
import { World } from "../core/world";

const unused = (): never => {
  throw new Error("not used here");
};

test("signs of life of several servers are passed on together, each server's last only", async () => {
  const world = new World();
  const streams: StreamHandlers[] = [];
  const posted: Event[] = [];
  const timers: (() => void)[] = [];
  const openCode: Partial<OpenCode> = {
    connect: () => ({ close: () => Promise.resolve() }) as ReturnType<OpenCode["connect"]>,
    watch: (_, handlers) => {
      streams.push(handlers);
      return { close: () => Promise.resolve() };
    },
  };
  const links = new InstanceLinks({
    openCode: openCode as OpenCode,
    post: (event) => posted.push(event),
    onNews: unused,
    after: (_, call) => {
      timers.push(call);
      return () => undefined;
    },
    log: () => undefined,
  });
  for (const id of [a, b]) {
    ready(world, id);
    const instance = world.instance(id);
    const identity = { pid: 1, startTime: "1", bootId: "b" };
    links.open(instance, { identity, endpoint: { url: "http://127.0.0.1:1", password: "" }, exited: new Promise(() => undefined) });
    links.watch(instance);
  }
  for (const stream of [...streams, ...streams]) stream.alive();
  expect(posted).toEqual([]);
  expect(timers).toHaveLength(1);
  timers.pop()?.();
  expect(posted).toEqual([a, b].map((instanceId) => ({ instanceId, incarnation: 1, kind: "instance-alive" })));
  streams[0]?.alive();
  expect(timers).toHaveLength(1);
});
