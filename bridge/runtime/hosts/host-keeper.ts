import { domainName } from "../../../shared/domains";
import type { HostCheck, HostFigures, HostView } from "../../../shared/host";
import type { HostId } from "../../../shared/ids";
import type { HostEvent } from "../../core/event";
import type { Host as CoreHost } from "../../core/host";
import { localHost } from "../../ids";
import { inert } from "../../inert";
import { OctoError } from "../../octo-error";
import type { Clock } from "../../ports/clock";
import type { HostBook, HostRecord } from "../../ports/host-book";
import type { Host, HostLink, Hosts, RemoteAttach, RemoteAttachRequest } from "../../ports/hosts";
import type { Machine, Machines } from "./machines";

export interface HostParts {
  readonly hosts: Hosts;
  readonly book: HostBook;
  /** What the book held at the start. */
  readonly records: readonly HostRecord[];
  /** Without a sign of the bridge for so long, servers of hosts that `move` end themselves. */
  readonly fenceMs: number;
  readonly partitionGraceMs: number;
  /** Program and first arguments of OpenCode there; else it is looked for. */
  readonly command?: readonly [string, ...string[]] | undefined;
  /** Of this machine. */
  readonly localFigures: () => Promise<HostFigures>;
}

interface Held {
  readonly record: HostRecord;
  readonly host: Host;
  /** Of the bridge's clock: how old what the host said is. */
  linkAtMs: number;
  figures?: { readonly value: HostFigures; readonly atMs: number };
}

const hostsMax = 64;

/** The machines of this bridge: opens and closes hosts, and tells the core how their links are. */
export class HostKeeper implements Machines {
  readonly #home: Machine;
  readonly #parts: HostParts | undefined;
  readonly #clock: Clock;
  readonly #held = new Map<HostId, Held>();
  #post: (event: HostEvent) => void = () => undefined;

  constructor(home: Machine, parts: HostParts | undefined, clock: Clock) {
    this.#home = home;
    this.#parts = parts;
    this.#clock = clock;
  }

  /** What the core knows of them before the first link is there. */
  coreHosts(nowMs: number): ReadonlyMap<HostId, CoreHost> {
    const records = this.#parts?.records ?? [];
    if (!this.#parts) return new Map();
    const home: CoreHost = { id: localHost, isHome: true, onPartition: "wait", partitionGraceMs: 0, link: { kind: "up" } };
    return new Map([home, ...records.map((record) => this.#coreHost(record, nowMs))].map((host) => [host.id, host]));
  }

  start(post: (event: HostEvent) => void): void {
    this.#post = post;
    for (const record of this.#parts?.records ?? []) this.#open(record);
  }

  of(id: HostId): Machine {
    if (id === localHost) return this.#home;
    const { host } = this.#find(id);
    return { launcher: host.launcher, workspaces: host.workspaces, usage: async (identity) => host.usage(identity) };
  }

  /** HOST_NAME_INVALID, HOST_ADDRESS_INVALID, HOST_NAME_TAKEN, HOST_LIMIT. */
  async add(record: HostRecord, nowMs: number): Promise<HostView> {
    const { book } = this.#need();
    if (this.#held.has(record.id)) throw new OctoError("HOST_NAME_TAKEN", `there is a host ${record.id} already`);
    if (this.#held.size >= hostsMax) throw new OctoError("HOST_LIMIT", `${hostsMax} hosts are the limit`);
    // First: a name or an address that is refused is never written.
    const held = this.#open(record);
    this.#post({ kind: "host-added", host: this.#coreHost(record, nowMs) });
    try {
      await book.save([...this.#held.values()].map((each) => each.record));
    } catch (thrown) {
      await this.forget(record.id);
      throw thrown;
    }
    return this.#view(held);
  }

  /** Another domain for its panes. */
  async setDomain(id: HostId, domain: HostRecord["domain"]): Promise<HostView> {
    const before = this.#find(id);
    const held: Held = { ...before, record: { ...before.record, domain } };
    this.#held.set(id, held);
    await this.#need().book.save([...this.#held.values()].map(({ record }) => record));
    return this.#view(held);
  }

  /** Closes it; whoever calls has ended its instances, or wants them left alone. */
  async forget(id: HostId): Promise<void> {
    const { host } = this.#find(id);
    this.#held.delete(id);
    await host.close();
    this.#post({ kind: "host-removed", hostId: id });
    await this.#need().book.save([...this.#held.values()].map(({ record }) => record));
  }

  /** The domain of its panes; undefined where they are local. */
  domainOf(id: HostId): { readonly domain: string; readonly connected: boolean } | undefined {
    const held = this.#held.get(id);
    const domain = held && domainName(id, held.record.domain);
    return domain === undefined ? undefined : { domain, connected: held?.host.link().kind === "connected" };
  }

  /** HOST_UNKNOWN, INSTANCE_NOT_READY, HOST_…. */
  attachThere(id: HostId, request: RemoteAttachRequest): Promise<RemoteAttach> {
    return this.#find(id).host.attachThere(request);
  }

  has(id: HostId): boolean {
    return this.#held.has(id);
  }

  record(id: HostId): HostRecord {
    return this.#find(id).record;
  }

  views(): readonly HostView[] {
    return [...this.#held.values()].map((held) => this.#view(held)).sort((a, b) => a.name.localeCompare(b.name));
  }

  check(id: HostId, modelsAtHome: readonly string[] | undefined): Promise<readonly HostCheck[]> {
    return this.#find(id).host.check({ modelsAtHome });
  }

  async measureHome(): Promise<void> {
    const figures = await this.#parts?.localFigures().catch(() => undefined);
    if (figures) this.#post({ kind: "host-measured", hostId: localHost, figures });
  }

  async close(): Promise<void> {
    this.#post = () => undefined;
    await Promise.all([...this.#held.values()].map(({ host }) => host.close()));
  }

  #open(record: HostRecord): Held {
    const { hosts, fenceMs, command } = this.#need();
    const { id, address, user, port, paths, domain, onPartition } = record;
    const host = hosts.open(
      { id, address, user, port, paths, domain, command, fenceMs: onPartition === "move" ? fenceMs : 0 },
      { link: (link) => this.#onLink(id, link), figures: ({ atMs: _, ...figures }) => this.#onFigures(id, figures) },
    );
    const held: Held = { record, host, linkAtMs: this.#clock.monotonicMs() };
    this.#held.set(id, held);
    return held;
  }

  #onLink(id: HostId, link: HostLink): void {
    const held = this.#held.get(id);
    if (!held) return;
    if (link.kind !== "unreachable" || link.sinceMs === link.triedAtMs) held.linkAtMs = this.#clock.monotonicMs();
    if (link.kind === "connected") return this.#post({ kind: "host-connected", hostId: id });
    if (link.kind !== "closed") this.#post({ kind: "host-lost", hostId: id, reason: reasonOf(id, link) });
  }

  #onFigures(id: HostId, figures: HostFigures): void {
    const held = this.#held.get(id);
    if (!held) return;
    held.figures = { value: figures, atMs: this.#clock.monotonicMs() };
    this.#post({ kind: "host-measured", hostId: id, figures });
  }

  #view({ record, host, figures, linkAtMs }: Held): HostView {
    const link = host.link();
    const nowMs = this.#clock.monotonicMs();
    const error = link.kind === "unreachable" ? { code: link.reason.code, message: inert(link.reason.message) } : undefined;
    return {
      name: record.id,
      address: record.address,
      user: record.user,
      port: record.port,
      labels: record.labels,
      slots: record.slots,
      paths: record.paths,
      domain: record.domain,
      onPartition: record.onPartition,
      link: link.kind,
      linkAgeMs: Math.round(nowMs - linkAtMs),
      error,
      figures: figures && { ...figures.value, ageMs: Math.round(nowMs - figures.atMs) },
    };
  }

  #coreHost({ id, onPartition }: HostRecord, nowMs: number): CoreHost {
    const reason = { code: "HOST_UNREACHABLE", message: `${id} is being connected` } as const;
    const partitionGraceMs = this.#need().partitionGraceMs;
    return { id, isHome: false, onPartition, partitionGraceMs, link: { kind: "down", sinceMs: nowMs, reason } };
  }

  #find(id: HostId): Held {
    const held = this.#held.get(id);
    if (!held) throw new OctoError("HOST_UNKNOWN", `there is no host ${id}`);
    return held;
  }

  #need(): HostParts {
    if (!this.#parts) throw new OctoError("INTERNAL", "this bridge was started without hosts");
    return this.#parts;
  }
}

function reasonOf(id: HostId, link: HostLink) {
  if (link.kind === "unreachable") return link.reason;
  return { code: "HOST_LINK_LOST", message: `${id} is being connected ${link.kind === "reconnecting" ? "again" : ""}`.trim() } as const;
}
