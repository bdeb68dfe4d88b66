import type { InstanceId } from "../../shared/ids";
import type { Event, InstanceEvent } from "../core/event";
import type { Instance } from "../core/instance";
import { OctoError } from "../octo-error";
import type { Clock } from "../ports/clock";
import type { EventStream, LaunchedServer, OpenCode, OpenCodeClient, ServerNews } from "../ports/opencode";

/** What the bridge holds of one start of an instance. */
export interface Link {
  readonly incarnation: number;
  readonly server: LaunchedServer;
  readonly client: OpenCodeClient;
  readonly stream?: EventStream | undefined;
}

export interface LinksParts {
  readonly openCode: OpenCode;
  readonly post: (event: Event) => void;
  /** Everything the stream says, for what is not the core's: output as it comes, asks. */
  readonly onNews: (instance: Instance, news: ServerNews) => void;
  readonly after: Clock["after"];
  readonly log: (message: string, details: Record<string, unknown>) => void;
}

/** Signs of life wait for one another this long: one turn of the engine for those of fifty servers, not one each. */
const gatherAliveMs = 2_500;

/** The connections to the living instances: one client and one stream each. Whoever opens one here closes it here. */
export class InstanceLinks {
  readonly #parts: LinksParts;
  readonly #links = new Map<InstanceId, Link>();
  readonly #alive = new Map<InstanceId, InstanceEvent>();
  #cancelGathering: (() => void) | undefined;

  constructor(parts: LinksParts) {
    this.#parts = parts;
  }

  get(id: InstanceId): Link | undefined {
    return this.#links.get(id);
  }

  /** The client of exactly this start. INSTANCE_NOT_READY when there is none. */
  client(id: InstanceId, incarnation: number): OpenCodeClient {
    const link = this.#links.get(id);
    if (link?.incarnation !== incarnation) throw new OctoError("INSTANCE_NOT_READY", `${id} has no connection (start ${incarnation})`);
    return link.client;
  }

  open(instance: Instance, server: LaunchedServer): Link {
    const link: Link = { incarnation: instance.incarnation, server, client: this.#parts.openCode.connect(server.endpoint) };
    const before = this.#links.get(instance.id);
    if (before) void closeLink(before);
    this.#links.set(instance.id, link);
    return link;
  }

  /** Follows the stream until `close`. */
  watch(instance: Instance): void {
    const link = this.#links.get(instance.id);
    if (!link || link.incarnation !== instance.incarnation || link.stream) return;
    const { post, onNews, log } = this.#parts;
    const from = { instanceId: instance.id, incarnation: instance.incarnation };
    const stream = this.#parts.openCode.watch(link.server.endpoint, {
      opened: () => post({ ...from, kind: "stream-opened" }),
      lost: (error) => {
        log("stream lost", { instance: instance.id, code: error.code, reason: error.message });
        post({ ...from, kind: "stream-lost" });
      },
      alive: () => this.#noteAlive({ ...from, kind: "instance-alive" }),
      news: (news) => onNews(instance, news),
    });
    this.#links.set(instance.id, { ...link, stream });
  }

  #noteAlive(event: InstanceEvent): void {
    this.#alive.set(event.instanceId, event);
    this.#cancelGathering ??= this.#parts.after(gatherAliveMs, () => {
      this.#cancelGathering = undefined;
      for (const each of this.#alive.values()) this.#parts.post(each);
      this.#alive.clear();
    });
  }

  /** Opens the stream anew, without the wait after a loss. */
  async rewatch(instance: Instance): Promise<void> {
    await this.unwatch(instance.id, instance.incarnation);
    this.watch(instance);
  }

  /** Ends the stream and keeps the client. */
  async unwatch(id: InstanceId, incarnation: number): Promise<void> {
    const link = this.#links.get(id);
    if (link?.incarnation !== incarnation || !link.stream) return;
    this.#links.set(id, { ...link, stream: undefined });
    await link.stream.close().catch(() => undefined);
  }

  /** Of this start only: a later one keeps its own. */
  close(id: InstanceId, incarnation: number): void {
    const link = this.#links.get(id);
    if (link?.incarnation !== incarnation) return;
    this.#links.delete(id);
    void closeLink(link);
  }

  async closeAll(): Promise<void> {
    const links = [...this.#links.values()];
    this.#links.clear();
    await Promise.all(links.map(closeLink));
    this.#cancelGathering?.();
  }
}

async function closeLink(link: Link): Promise<void> {
  await Promise.allSettled([link.stream?.close(), link.client.close()]);
}
