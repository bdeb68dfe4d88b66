import { afterAll, beforeAll, expect, test } from "vitest";
import { startApi } from "../../bridge/api/api";
import { openDoor } from "../../bridge/api/door";
import { octoFolders } from "../../bridge/folders";
import { octoVersion } from "../../bridge/version";
import { protocolVersion } from "../../shared/protocol";
import { eventually } from "../helpers/eventually";
import type { TempFolder } from "../helpers/temp-folder";
import { builtOcto, octo } from "./octo";

let built: TempFolder;
beforeAll(async () => {
  built = await builtOcto();
});
afterAll(() => built[Symbol.asyncDispose]());

test("a bridge that takes longer to start than any answer may is waited for", async () => {
  await using program = await octo(built, { serve: false });
  const socketPath = octoFolders({ HOME: program.home, XDG_RUNTIME_DIR: program.home }).socketFile;
  const bridge = { version: octoVersion, pid: process.pid, startedAtEpochMs: 1 };
  const door = await openDoor({ socketPath, hello: () => ({ protocol: protocolVersion, bridge }) });
  const begunAtMs = performance.now();
  const running = program.start(["up", "--json"]);
  await eventually(() => expect(performance.now() - begunAtMs).toBeGreaterThan(7_000), { timeoutMs: 10_000 });
  expect(running.stderr()).toBe("");
  const api = startApi({ service: program.service, door });
  expect(await running.ended).toMatchObject({ code: 0, stdout: expect.stringContaining('"started": false') });
  await api.stop();
});
