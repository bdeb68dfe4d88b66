import { readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { createHostBook } from "../../../bridge/adapters/storage/host-book";
import { domainsOf } from "../../../bridge/core/domains";
import type { HostRecord } from "../../../bridge/ports/host-book";
import type { HostId } from "../../../shared/ids";
import { tempFolder } from "../../helpers/temp-folder";

function record(id: string, more: Partial<HostRecord> = {}): HostRecord {
  return { id: id as HostId, address: `${id}.example.org`, labels: [], paths: {}, domain: "none", onPartition: "wait", ...more };
}

async function bookIn(folder: string) {
  const hostsFile = join(folder, "hosts.json");
  const domainsFile = join(folder, "domains.json");
  const book = createHostBook({ hostsFile, domainsFile, domainsOf: (hosts) => domainsOf(hosts, 8099) });
  const domains = async (): Promise<unknown> => JSON.parse(await readFile(domainsFile, "utf8"));
  return { book, hostsFile, domainsFile, domains };
}

describe("the book of hosts", () => {
  test("gives back what was saved, and is empty at first", async () => {
    await using temp = await tempFolder("octo-book");
    const { book } = await bookIn(temp.path);
    expect(await book.load()).toEqual([]);
    const hosts = [record("alpha", { user: "ann", port: 2222, labels: ["big"], slots: 3, paths: { site: "/srv/site" } }), record("beta")];
    await book.save(hosts);
    expect(await book.load()).toEqual(hosts);
  });

  test("saved many times at once holds what was saved last", async () => {
    await using temp = await tempFolder("octo-book");
    const { book, domains } = await bookIn(temp.path);
    const names = Array.from({ length: 20 }, (_, index) => `host-${index}`);
    await Promise.all(names.map((_, index) => book.save(names.slice(0, index + 1).map((name) => record(name, { domain: "ssh" })))));
    expect((await book.load()).map(({ id }) => id)).toEqual(names);
    expect(await domains()).toMatchObject({ ssh_domains: { length: names.length } });
  });

  test("tells WezTerm's plugin of the domains, in WezTerm's own words", async () => {
    await using temp = await tempFolder("octo-book");
    const { book, domains, domainsFile } = await bookIn(temp.path);
    await book.save([
      record("gamma", { domain: "tls", user: "ann", port: 2222 }),
      record("beta", { domain: "mux", address: "fe80::1", port: 2222 }),
      record("local-only"),
      record("alpha", { domain: "ssh", user: "ann" }),
    ]);
    expect(await domains()).toEqual({
      version: 1,
      ssh_domains: [
        { name: "alpha", remote_address: "alpha.example.org", username: "ann", multiplexing: "None" },
        { name: "beta", remote_address: "fe80::1", multiplexing: "WezTerm", ssh_option: { port: "2222" } },
      ],
      tls_clients: [{ name: "gamma", remote_address: "gamma.example.org:8099", bootstrap_via_ssh: "ann@gamma.example.org:2222" }],
    });
    expect((await stat(domainsFile)).mode & 0o777).toBe(0o600);
  });

  test("writes domains only when they change, and none before there are any", async () => {
    await using temp = await tempFolder("octo-book");
    const { book, domains, domainsFile } = await bookIn(temp.path);
    await book.save([record("alpha")]);
    await expect(stat(domainsFile)).rejects.toMatchObject({ code: "ENOENT" });
    await book.save([record("alpha", { domain: "ssh" })]);
    const { ino } = await stat(domainsFile);
    await book.save([record("alpha", { domain: "ssh" }), record("beta", { labels: ["new"] })]);
    expect((await stat(domainsFile)).ino).toBe(ino);
    await book.save([]);
    expect(await domains()).toEqual({ version: 1, ssh_domains: [], tls_clients: [] });
  });

  test("refuses a book that it cannot read instead of starting an empty one", async () => {
    await using temp = await tempFolder("octo-book");
    const { book, hostsFile } = await bookIn(temp.path);
    await writeFile(hostsFile, '{"version":1,"hosts":[{"id":""}]}');
    await expect(book.load()).rejects.toMatchObject({ code: "STORE_CORRUPT" });
    expect(await readFile(hostsFile, "utf8")).toContain('"id":""');
  });
});
