import type { ErrorInfo } from "./errors";

/** Where panes of a host open: locally through the tunnel, or in a WezTerm domain of the host. */
export const hostDomains = ["none", "ssh", "mux", "tls"] as const;
export type HostDomain = (typeof hostDomains)[number];

/** In this order: each needs those before it. */
export const hostCheckSteps = [
  "name",
  "reach",
  "host key",
  "key",
  "shell",
  "forward",
  "sessions",
  "home",
  "opencode",
  "git",
  "wezterm",
  "memory",
  "disk",
  "clock",
  "models",
] as const;

/** One step of `octo hosts check`. After a step that failed on the way to the host, the others are `skipped`. */
export interface HostCheck {
  readonly step: (typeof hostCheckSteps)[number];
  readonly outcome: "ok" | "warn" | "fail" | "skipped";
  /** What was found: names the thing and the value. */
  readonly message: string;
  readonly error?: ErrorInfo | undefined;
}
