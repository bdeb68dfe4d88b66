import { expect, test } from "vitest";
import type { Effect } from "../../bridge/core/effect";
import type { Event } from "../../bridge/core/event";
import { localHost } from "../../bridge/ids";
import { toErrorInfo } from "../../bridge/octo-error";
import type { LaunchedServer, Launcher, OpenCodeClient } from "../../bridge/ports/opencode";
import type { Workspaces } from "../../bridge/ports/workspaces";
import type { EffectParts } from "../../bridge/runtime/effect-parts";
import { createEffectRunner } from "../../bridge/runtime/effect-runner";
import { InstanceLinks } from "../../bridge/runtime/instance-links";
import { Starts } from "../../bridge/runtime/starts";
import type { HostId } from "../../shared/ids";
import { a, error, one, reach, ready, says, settle, submit } from "../core/steps";
import { World } from "../core/world";
import { eventually } from "../helpers/eventually";

const alpha = "alpha" as HostId;
const unused = (): never => {
  throw new Error("not asked for");
};

/** Runs effects of the world's state on machines that only note what they are asked. */
function runner(world: World, { launcher = {}, workspaces = () => ({}) }: Fakes = {}) {
  const events: Event[] = [];
  const idle: Workspaces = {
    ...{ inspect: unused, captureChanges: unused, prepare: unused, release: unused },
    ...{ finish: unused, diff: unused, removePool: unused },
  };
  const still: Launcher = {
    ...{ choosePort: unused, launch: unused, waitReady: unused, adopt: unused },
    ...{ stop: unused, sweep: unused, lastStderr: unused },
  };
  const client: OpenCodeClient = {
    ...{ health: unused, createSession: unused, prompt: unused, turn: unused, abort: unused, answer: unused, models: unused },
    ...{ disposeDirectory: unused, transcript: unused, asks: unused, close: () => Promise.resolve() },
  };
  const openCode = { connect: () => client, watch: unused, messageId: unused, partId: unused };
  const links = new InstanceLinks({ openCode, post: unused, onNews: unused, after: unused, log: () => undefined });
  const stopping = new AbortController().signal;
  const parts: EffectParts = {
    machines: {
      of: (host) => ({
        launcher: { ...still, ...launcher },
        workspaces: { ...idle, ...workspaces(host) },
        usage: () => Promise.resolve(undefined),
      }),
    },
    ...{ openCode, links, stopping, starts: new Starts(stopping), crash: unused, setupOf: unused, stopGraceMs: 0 },
    ...{ passwordOf: () => "", state: () => world.state, epochMs: () => 0, log: () => undefined, errorOf: toErrorInfo },
    post: (event) => void events.push(event),
    pause: () => Promise.resolve(),
  };
  return { run: createEffectRunner(parts), links, events };
}

interface Fakes {
  readonly launcher?: Partial<Launcher>;
  readonly workspaces?: (host: HostId) => Partial<Workspaces>;
}

const last = (effects: readonly Effect[], kind: Effect["kind"]): Effect => {
  const found = effects.findLast((effect) => effect.kind === kind);
  if (!found) throw new Error(`no ${kind} was asked for`);
  return found;
};

test("work on a host is collected there also when its instance was removed meanwhile", async () => {
  const world = new World();
  ready(world, a, { host: alpha });
  submit(world, one);
  reach(world, one, "started");
  settle(world, one, { kind: "succeeded" });
  world.send({ kind: "instance-stop-requested", instanceId: a, next: "remove", drain: false });
  says(world, a, { kind: "instance-stopped" });
  expect(world.state.instances.has(a)).toBe(false);
  world.answer(one, { kind: "finish-failed", error: error("HOST_UNREACHABLE") });
  world.restart();

  const asked: HostId[] = [];
  const finish = (host: HostId) => () => {
    asked.push(host);
    return Promise.resolve(undefined);
  };
  const { run, events } = runner(world, { workspaces: (host) => ({ finish: finish(host) }) });
  run(last(world.asked, "finish-workspace"));
  await eventually(() => expect(events.map(({ kind }) => kind)).toEqual(["workspace-finished"]));
  expect(asked).toEqual([alpha]);
  expect(asked).not.toContain(localHost);
});

test("a late sweep of an earlier start spares the server of the present one", async () => {
  const world = new World();
  ready(world, a);
  says(world, a, { kind: "instance-exited", error: error("INSTANCE_EXITED") });
  const late = last(world.asked, "sweep-instance");
  if (late.kind !== "sweep-instance") throw new Error("no sweep");
  const unknown: Effect = { ...late, instance: { ...late.instance, identity: undefined } };

  const swept: unknown[] = [];
  const { run, links, events } = runner(world, {
    launcher: {
      adopt: (_, identity) => {
        swept.push(identity);
        return Promise.resolve(undefined);
      },
      sweep: (_, identity) => {
        swept.push(identity);
        return Promise.resolve();
      },
    },
  });
  const server: LaunchedServer = {
    identity: { pid: 7, startTime: "7", bootId: "b" },
    endpoint: { url: "http://127.0.0.1:1", password: "" },
    exited: new Promise(() => undefined),
  };
  links.open({ ...late.instance, incarnation: late.instance.incarnation + 1 }, server);
  run(unknown);
  await eventually(() => expect(events.map(({ kind }) => kind)).toEqual(["instance-swept"]));
  expect(swept).toEqual([undefined, undefined]);
});
