import { readFile, rename, writeFile } from "node:fs/promises";
import { z } from "zod";
import { hostDomains } from "../../../shared/host";
import type { HostId } from "../../../shared/ids";
import { OctoError } from "../../octo-error";
import type { HostBook, HostRecord } from "../../ports/host-book";
import { toStoreError } from "./storage-error";

const record: z.ZodType<HostRecord> = z.object({
  id: z.custom<HostId>((value) => typeof value === "string" && value.length > 0),
  address: z.string(),
  user: z.string().optional(),
  port: z.number().optional(),
  labels: z.array(z.string()),
  slots: z.number().optional(),
  paths: z.record(z.string(), z.string()),
  domain: z.enum(hostDomains),
  onPartition: z.enum(["wait", "move"]),
});
const book = z.object({ version: z.literal(1), hosts: z.array(record) });

/** `hosts.json`, and `domains.json` for WezTerm's plugin, which reads it when WezTerm starts. */
export function createHostBook(files: { readonly hostsFile: string; readonly domainsFile: string }): HostBook {
  return {
    async load() {
      const text = await readFile(files.hostsFile, "utf8").catch((thrown: NodeJS.ErrnoException) => {
        if (thrown.code === "ENOENT") return '{"version":1,"hosts":[]}';
        throw toStoreError(thrown, files.hostsFile);
      });
      const parsed = book.safeParse(parseJson(text));
      if (parsed.success) return parsed.data.hosts;
      throw new OctoError("STORE_CORRUPT", `${files.hostsFile} cannot be read: ${parsed.error.issues[0]?.message ?? ""}`);
    },
    async save(hosts) {
      const domains = hosts
        .filter(({ domain }) => domain !== "none")
        .map(({ id, address, user, port, domain }) => ({ name: id, kind: domain, address, user, port }));
      await writeWhole(files.hostsFile, { version: 1, hosts });
      await writeWhole(files.domainsFile, { version: 1, domains });
    },
  };
}

async function writeWhole(file: string, value: unknown): Promise<void> {
  try {
    await writeFile(`${file}.new`, `${JSON.stringify(value, undefined, 2)}\n`, { mode: 0o600 });
    await rename(`${file}.new`, file);
  } catch (thrown) {
    throw toStoreError(thrown, file);
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
