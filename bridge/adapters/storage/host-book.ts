import { readFile } from "node:fs/promises";
import { z } from "zod";
import type { DomainsFile } from "../../../shared/domains";
import { hostDomains, partitionPolicies } from "../../../shared/host";
import type { HostId } from "../../../shared/ids";
import { OctoError } from "../../octo-error";
import { parseJson } from "../../parse-json";
import type { HostBook, HostRecord } from "../../ports/host-book";
import { systemErrorCode } from "../../system-error-code";
import { writeDurably } from "../../write-durably";
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
  onPartition: z.enum(partitionPolicies),
});
const book = z.object({ version: z.literal(1), hosts: z.array(record) });

export interface HostBookFiles {
  readonly hostsFile: string;
  readonly domainsFile: string;
  readonly domainsOf: (hosts: readonly HostRecord[]) => DomainsFile;
}

/** `hosts.json`, and `domains.json` for WezTerm's plugin, which reads it when WezTerm evaluates its configuration. */
export function createHostBook(files: HostBookFiles): HostBook {
  /** Saves run one after another, so that the last one counts. */
  let last: Promise<unknown> = Promise.resolve();
  const write = async (hosts: readonly HostRecord[]): Promise<void> => {
    await writeWhole(files.hostsFile, { version: 1, hosts });
    const domains = files.domainsOf(hosts);
    const isEmpty = domains.ssh_domains.length + domains.tls_clients.length === 0;
    if (!isEmpty || (await textOf(files.domainsFile)) !== undefined) await writeWhole(files.domainsFile, domains);
  };
  return {
    async load() {
      const text = await readFile(files.hostsFile, "utf8").catch((thrown: unknown) => {
        if (systemErrorCode(thrown) === "ENOENT") return '{"version":1,"hosts":[]}';
        throw toStoreError(thrown, files.hostsFile);
      });
      const parsed = book.safeParse(parseJson(text));
      if (parsed.success) return parsed.data.hosts;
      throw new OctoError("STORE_CORRUPT", `${files.hostsFile} cannot be read: ${parsed.error.issues[0]?.message ?? ""}`);
    },
    save(hosts) {
      const mine = last.then(() => write(hosts));
      last = mine.catch(() => undefined);
      return mine;
    },
  };
}

/** A file that holds it already is not touched: whoever watches it hears of changes alone. */
async function writeWhole(file: string, value: unknown): Promise<void> {
  const text = `${JSON.stringify(value, undefined, 2)}\n`;
  try {
    if ((await textOf(file)) === text) return;
    await writeDurably(file, text);
  } catch (thrown) {
    throw toStoreError(thrown, file);
  }
}

/** Undefined where there is none, or none to be read: then it is written anew. */
function textOf(file: string): Promise<string | undefined> {
  return readFile(file, "utf8").catch(() => undefined);
}
