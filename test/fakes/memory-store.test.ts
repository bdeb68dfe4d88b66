import { expect, it } from "vitest";
import { batch, storeContract, storedTask } from "../contract/store-contract";
import { MemoryDisk } from "./memory-store";

storeContract("the memory store", async () => {
  const disk = new MemoryDisk();
  return { open: () => disk.open(), [Symbol.asyncDispose]: async () => {} };
});

it("fails the commits it was told to fail, and keeps nothing of them", () => {
  const disk = new MemoryDisk();
  const store = disk.open();
  disk.failNextCommit("STORE_FULL");
  disk.failNextCommit("STORE_FAILED");
  const work = batch({ clockMs: 5, tasks: [storedTask("tsk_1")] });
  expect(() => store.commit(work)).toThrow(expect.objectContaining({ code: "STORE_FULL" }));
  expect(() => store.commit(work)).toThrow(expect.objectContaining({ code: "STORE_FAILED" }));
  expect(store.load()).toEqual({ clockMs: 0, tasks: [], instances: [], asks: [] });
  store.commit(work);
  expect(store.load().clockMs).toBe(5);
  expect(disk.commits).toBe(1);
});

it("lets a bridge that was replaced write nothing more", () => {
  const disk = new MemoryDisk();
  const killed = disk.open();
  disk.open();
  expect(() => killed.commit(batch({}))).toThrow(expect.objectContaining({ code: "INTERNAL" }));
});

it("refuses new work while it is told to be full, and still commits", () => {
  const disk = new MemoryDisk();
  const store = disk.open();
  disk.isFull = true;
  expect(() => store.checkFreeSpace()).toThrow(expect.objectContaining({ code: "STORE_FULL" }));
  store.commit(batch({ clockMs: 5 }));
  expect(store.load().clockMs).toBe(5);
});
