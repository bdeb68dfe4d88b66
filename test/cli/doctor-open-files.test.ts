import { expect, test } from "vitest";
import { openFilesCheck } from "../../bridge/cli/doctor/open-files";
import { octoFolders } from "../../bridge/folders";
import { OctoError } from "../../bridge/octo-error";

function found(metrics: () => Promise<string>) {
  const environment = { HOME: "/nowhere", XDG_RUNTIME_DIR: "/nowhere" };
  const folders = octoFolders(environment);
  const refuse = (): Promise<never> => Promise.reject(new OctoError("BRIDGE_NOT_RUNNING", "nobody is there"));
  return openFilesCheck.run({ environment, folders, client: { socketPath: folders.socketFile, hello: refuse, call: refuse, metrics } });
}

test("a bridge that may have enough files open is well", async () => {
  expect(await found(async () => "process_max_fds 4096\n")).toMatchObject({ status: "ok", what: expect.stringMatching(/4096.*2176/) });
});

test("a bridge that may have too few is told of, with what it refuses and what to raise", async () => {
  expect(await found(async () => "process_max_fds 256\n")).toMatchObject({
    status: "warn",
    what: expect.stringMatching(/256.*2176.*more than 6 instances and 32 connections/),
    next: expect.stringContaining("ulimit -Hn"),
  });
});

test("without a bridge the limit of this shell is looked at", async () => {
  const nobody = () => Promise.reject(new OctoError("BRIDGE_NOT_RUNNING", "nobody is there"));
  expect(await found(nobody)).toMatchObject({ what: expect.stringContaining("a bridge started here") });
});
