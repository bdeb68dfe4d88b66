import { expect, test } from "vitest";
import { StreamFeed } from "../../bridge/api/stream-feed";
import { sampleTask } from "../fakes/samples";
import { scriptedService } from "../fakes/scripted-service";
import { eventually } from "../helpers/eventually";

function world() {
  const service = scriptedService();
  let snapshots = 0;
  const feed = new StreamFeed({
    subscribe(receive) {
      snapshots += 1;
      return service.subscribe(receive);
    },
  });
  return { service, feed, snapshots: () => snapshots };
}

test("streams that open together share one snapshot, and one that opens after a change gets its own", () => {
  const { service, feed, snapshots } = world();
  const joined = [1, 2, 3].map(() => feed.join(() => undefined));
  expect(new Set(joined.map(({ snapshot }) => snapshot)).size).toBe(1);
  expect(snapshots()).toBe(1);
  service.setTask(sampleTask({ title: "new" }));
  const late = feed.join(() => undefined);
  expect(late.snapshot.toString()).toContain("new");
  for (const { leave } of [...joined, late]) leave();
  expect(service.listeners()).toBe(0);
});

test("a snapshot is not kept for long, also when nothing changes", async () => {
  const { feed, snapshots } = world();
  const stays = feed.join(() => undefined);
  await eventually(() => {
    feed.join(() => undefined).leave();
    expect(snapshots()).toBe(2);
  });
  stays.leave();
});

test("a stream that opens when all others are gone gets a snapshot of its own", () => {
  const { service, feed, snapshots } = world();
  feed.join(() => undefined).leave();
  service.setTask(sampleTask({ title: "meanwhile" }));
  const next = feed.join(() => undefined);
  expect(next.snapshot.toString()).toContain("meanwhile");
  expect(snapshots()).toBe(2);
  next.leave();
});
