import type { Import, Source } from "./sources";

/** What the files of a place may import. The longest `place` that a path begins with decides. */
interface Wall {
  readonly place: string;
  /** Beginnings of paths; the place itself is always allowed. */
  readonly own: readonly string[];
  /** Beginnings of paths of which only types may be imported. */
  readonly types?: readonly string[];
  readonly npm?: readonly string[];
  /** Modules of Node: none when absent. */
  readonly node?: "any" | readonly string[];
}

const base = [
  "shared/",
  "bridge/octo-error",
  "bridge/inert",
  "bridge/ask-body",
  "bridge/figures",
  "bridge/parse-json",
  "bridge/system-error-code",
  "bridge/token-bucket",
];
const ports = ["bridge/ports/"];

const adapter = (name: string, npm: readonly string[]): Wall => ({
  place: `bridge/adapters/${name}/`,
  own: [...base, "bridge/process-identity", "bridge/run-program", "bridge/send-signal", "bridge/write-durably"],
  types: ["bridge/core/", ...ports],
  npm,
  node: "any",
});

/** Outside -> adapters -> runtime -> core -> shared. `bridge/daemon.ts` alone knows every part. */
const walls: readonly Wall[] = [
  { place: "shared/", own: [] },
  { place: "bridge/core/", own: ["shared/"] },
  { place: "bridge/ports/", own: [], types: ["shared/", "bridge/core/"] },
  adapter("git", ["execa", "zod"]),
  adapter("opencode", ["undici", "eventsource-parser", "zod"]),
  adapter("process", ["execa"]),
  adapter("ssh", ["execa", "zod"]),
  adapter("storage", ["better-sqlite3", "zod"]),
  adapter("wezterm", ["execa", "zod"]),
  {
    place: "bridge/runtime/",
    own: [...base, "bridge/core/", "bridge/ids"],
    types: [...ports, "bridge/config/"],
    npm: ["zod"],
    node: ["node:crypto", "node:fs", "node:fs/promises", "node:path"],
  },
  // Counts and times; decides nothing.
  {
    place: "bridge/metrics/",
    own: ["shared/", "bridge/core/", "bridge/runtime/views"],
    types: [...ports, "bridge/runtime/engine"],
    node: ["node:fs", "node:perf_hooks"],
  },
  // Draws lines of text and reads keys; knows nothing of what they say.
  { place: "bridge/paint/", own: ["bridge/inert"], npm: ["string-width"] },
  // What a pane shows and does, from the service's views and keys alone.
  { place: "bridge/panes/", own: [...base, "bridge/paint/"], types: ["bridge/runtime/service"] },
  // What the board shows and does, from the bridge's messages and keys alone.
  { place: "bridge/board/", own: [...base, "bridge/paint/", "bridge/panes/"] },
  {
    place: "bridge/api/",
    own: [...base, "bridge/folders", "bridge/paint/", "bridge/panes/"],
    types: ["bridge/runtime/service", "bridge/metrics/bridge-metrics"],
    npm: ["ws", "zod"],
    node: "any",
  },
  {
    place: "bridge/cli/",
    own: [
      ...base,
      "bridge/folders",
      "bridge/ids",
      "bridge/log-file",
      "bridge/marks",
      "bridge/own-environment",
      "bridge/secret-names",
      "bridge/version",
      "bridge/demo/",
      "bridge/board/",
      "bridge/paint/",
      // doctor looks with the bridge's own eyes.
      "bridge/config/",
      "bridge/adapters/opencode/launcher-binary",
      "bridge/adapters/opencode/launcher-leftovers",
      "bridge/adapters/opencode/launcher-locks",
      "bridge/adapters/opencode/launcher-version",
      "bridge/adapters/process/create-processes",
      "bridge/adapters/process/login-environment",
      "bridge/adapters/process/open-files",
      "bridge/core/open-files",
      // `octo up` starts the bridge as the bridge starts servers.
      "bridge/adapters/process/spawn-detached",
    ],
    types: ports,
    npm: ["commander", "string-width", "ws"],
    node: "any",
  },
  {
    place: "bridge/demo/",
    own: [...base, "bridge/cli/client", "bridge/cli/follow"],
    types: ["bridge/adapters/process/login-environment"],
    npm: ["execa", "zod"],
    node: "any",
  },
  { place: "bridge/daemon", own: ["bridge/", "shared/"], node: "any" },
  // Its part for hosts: ssh needs what is known of OpenCode and git.
  { place: "bridge/host-parts", own: ["bridge/", "shared/"], node: "any" },
  { place: "bridge/user-commands", own: ["bridge/", "shared/"], node: "any" },
  // Small: read before the first answer.
  { place: "bridge/main", own: ["bridge/own-environment", "bridge/place", "bridge/run-bridge"], node: ["node:timers/promises"] },
  {
    place: "bridge/place",
    own: ["shared/", "bridge/adapters/storage/instance-lock", "bridge/api/door", "bridge/folders", "bridge/releases", "bridge/version"],
  },
  {
    place: "bridge/run-bridge",
    own: [
      "bridge/adapters/opencode/load-undici",
      "bridge/daemon",
      "bridge/folders",
      "bridge/heap-growth",
      "bridge/log",
      "bridge/octo-error",
      "bridge/redactor",
    ],
    types: ["bridge/place"],
  },
  {
    place: "bridge/config/",
    own: [...base, "bridge/core/policy", "bridge/core/ask-policy", "bridge/log-file"],
    npm: ["jsonc-parser", "zod"],
    node: ["node:fs/promises"],
  },
  {
    place: "bridge/config/env-file",
    own: base,
    node: ["node:fs/promises", "node:os", "node:path", "node:util"],
  },
  {
    place: "bridge/environment",
    own: ["bridge/adapters/process/login-environment", "bridge/config/env-file", "bridge/secret-names"],
    types: ["bridge/config/", "bridge/redactor"],
  },
  {
    place: "bridge/pane-host",
    own: [...base, "bridge/adapters/wezterm/", "bridge/folders", "bridge/runtime/panes/pane-book-file"],
    types: ["bridge/log", "bridge/runtime/panes/"],
    node: "any",
  },
  { place: "bridge/run-program", own: ["bridge/send-signal", "bridge/system-error-code"], types: ports, node: "any" },
  { place: "bridge/log", own: ["bridge/log-file"], npm: ["pino"] },
  { place: "bridge/log-file", own: [], node: ["node:fs"] },
  { place: "bridge/", own: base, node: "any" },
  // What WezTerm itself provides.
  { place: "plugin/", own: ["shared/"], npm: ["wezterm"] },
];

/** Each import of the file that goes through a wall, as a sentence. */
export function breachesOf({ path, imports }: Pick<Source, "path" | "imports">): readonly string[] {
  const [wall] = walls.filter(({ place }) => path.startsWith(place)).sort((left, right) => right.place.length - left.place.length);
  if (!wall) return [];
  return imports.filter((used) => !allowed(wall, used)).map(({ target }) => `${path} imports ${target}`);
}

function allowed(wall: Wall, { target, own, typeOnly }: Import): boolean {
  if (own) {
    const places = [wall.place, ...wall.own, ...(typeOnly ? (wall.types ?? []) : [])];
    // The composition root and the programs' entries are nobody's tools.
    if (["bridge/daemon", "bridge/main", "bridge/cli/main"].includes(target) && !wall.own.includes(target)) return false;
    return places.some((place) => target.startsWith(place));
  }
  if (target.startsWith("node:")) return wall.node === "any" || (wall.node ?? []).includes(target);
  return (wall.npm ?? []).includes(target);
}
