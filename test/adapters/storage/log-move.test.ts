import { statSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { openStore } from "../../../bridge/adapters/storage/open-store";
import type { CommitBatch, StoredTask } from "../../../bridge/ports/store";
import { eventually } from "../../helpers/eventually";
import { tempFolder } from "../../helpers/temp-folder";

const documentBytes = 8_000;

function batchOf(tasks: readonly StoredTask[]): CommitBatch {
  const nothing = { instances: [], removedInstances: [], asks: [], removedAsks: [], audits: [], requests: [], spend: [], happenings: [] };
  return { ...nothing, clockMs: 1, tasks };
}

it("moves its log into the database once it is long, and not while somebody waits for a commit", async () => {
  await using folder = await tempFolder();
  const path = join(folder.path, "octo.db");
  const store = openStore({ path, ballastBytes: 4_096 });
  const emptyBytes = statSync(path).size;
  const tasks = Array.from({ length: 350 }, (_, index) => ({
    id: `tsk_${index}`,
    json: "x".repeat(documentBytes),
    state: "queued",
    submittedAtEpochMs: index,
  }));
  store.commit(batchOf(tasks));
  expect(statSync(path).size).toBe(emptyBytes);
  await eventually(() => expect(statSync(path).size).toBeGreaterThan(350 * documentBytes));
  store.commit(batchOf(tasks));
  store.close();
  const again = openStore({ path, ballastBytes: 4_096 });
  expect(again.load().tasks).toHaveLength(350);
  again.close();
});
