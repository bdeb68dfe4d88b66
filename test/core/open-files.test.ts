import fc from "fast-check";
import { expect, test } from "vitest";
import { shareOpenFiles } from "../../bridge/core/open-files";

const wanted = { instancesMax: 64, connectionsMax: 1_024 };

test.each([
  [undefined, 64, 1_024],
  [1_048_576, 64, 1_024],
  [2_176, 64, 1_024],
  [2_175, 64, 1_023],
  [1_024, 54, 32],
  [256, 6, 32],
  [100, 1, 32],
])("a limit of %j open files lets there be %i instances and %i connections", (filesMax, instancesMax, connectionsMax) => {
  expect(shareOpenFiles(filesMax, wanted)).toEqual({ instancesMax, connectionsMax, filesMax, filesNeeded: 2_176 });
});

test("what is let be never needs more than the limit, from 200 files on", () => {
  const some = fc.integer({ min: 1, max: 300 });
  fc.assert(
    fc.property(fc.integer({ min: 200, max: 10_000 }), some, fc.integer({ min: 32, max: 1_024 }), (filesMax, instances, connections) => {
      const share = shareOpenFiles(filesMax, { instancesMax: instances, connectionsMax: connections });
      const { filesNeeded } = shareOpenFiles(filesMax, share);
      return filesNeeded <= filesMax && share.instancesMax <= instances && share.connectionsMax <= connections;
    }),
  );
});
