import * as wezterm from "wezterm";
import { routes } from "../../shared/protocol";
import { attempt } from "../attempt";
import { tellOfDomainsToCome } from "../domains-to-come";
import { logWarning, warnOnce } from "../log";
import { takeNews } from "../news";
import { tableAt, textAt } from "../read";
import { setup } from "../setup";
import { readSnapshot } from "../snapshot";
import { type Link, latestSnapshot, link, recallSnapshot, rememberSnapshot, setLink } from "../state";
import { drawStatus } from "../status/draw";
import { type Answer, request } from "./curl";
import { hasLink, takeLink } from "./link-state";
import { curlProgram } from "./programs-used";
import { registerGui } from "./register";
import { isOwn, socketState } from "./socket";
import { bridgeWasMet, mayStartBridge, startBridge } from "./start-bridge";

const pollWaitMs = 20_000;
/** The bridge has this long to answer after its wait. */
const pollGraceS = 5;
/** While there is no socket a look costs nothing; else each try is a process. */
const lookPauseMs = 250;
const tryPausesMs = [100, 200, 500, 1000, 2000];
const brokenPauseMs = 5000;
/** As a bridge says of itself; it is gone soon. */
const stopping = "stopping";

let starting = false;

interface Follower {
  /** The revision that the next poll names; undefined: answer at once. */
  since: number | undefined;
  /** Tries in a row that brought nothing. */
  failures: number;
  /** `pid` and start of the bridge that knows this GUI. */
  registeredAt: string | undefined;
  owned: boolean;
}

/** Follows the bridge until another Lua state of this process does. Started once a state, in a coroutine of its own. Yields. */
export function followBridge(): void {
  const generation = takeLink();
  const follower: Follower = { since: undefined, failures: 0, registeredAt: undefined, owned: false };
  recallSnapshot();
  while (hasLink(generation)) {
    const stepped = attempt(() => step(follower, generation));
    if (!stepped.ok) logWarning(`a fault in the link: ${stepped.message}`);
    const pauseMs = stepped.ok ? stepped.value : brokenPauseMs;
    if (pauseMs > 0) wezterm.sleep_ms(pauseMs);
  }
}

/** One poll, or a look at why there can be none. Returns the pause before the next, ms. */
function step(follower: Follower, generation: number): number {
  const { folders, guiId } = setup();
  const curl = curlProgram();
  if (folders.trouble !== undefined) return broken(folders.trouble);
  if (curl === undefined) return broken("curl is missing: install it, or set the option curl to its path");
  const socket = socketState(folders.socketFile);
  if (socket === "foreign") return broken(`${folders.socketFile} belongs to another user: set XDG_RUNTIME_DIR to a folder of your own`);
  if (socket === "absent") return away(follower, "not running");
  if (!follower.owned && !isOwn(folders.socketFile)) {
    if (socketState(folders.socketFile) === "absent") return away(follower, "not running");
    return broken(`${folders.socketFile} belongs to another user: set XDG_RUNTIME_DIR to a folder of your own`);
  }
  follower.owned = true;
  const since = follower.since === undefined ? "" : `&since=${string.format("%d", follower.since)}`;
  const path = `${routes.poll}?gui=${guiId}&waitMs=${pollWaitMs}${since}`;
  const answer = request({ curl, socketFile: folders.socketFile, path, timeoutS: pollWaitMs / 1000 + pollGraceS });
  if (!hasLink(generation)) return 0;
  return take(follower, answer);
}

function take(follower: Follower, answer: Answer): number {
  switch (answer.kind) {
    case "nobody":
      return away(follower, "not running");
    case "no-curl":
      return broken(answer.reason);
    case "failed":
      return silent(follower, answer.reason);
    case "answer":
      return takeAnswer(follower, answer.body, answer.text);
  }
}

function takeAnswer(follower: Follower, body: unknown, text: string): number {
  const read = readSnapshot(body);
  if (read.kind === "mismatch") return mismatch(follower, read.older);
  if (read.kind === "unknown") {
    const code = textAt(tableAt(body, "error"), "code");
    if (code === "BRIDGE_STOPPING") return away(follower, stopping);
    // A bridge that does not know the question, or whose answer lacks what this plugin needs, is of another version.
    return code === "REQUEST_INVALID" || code === "METHOD_UNKNOWN" ? mismatch(follower, "bridge") : silent(follower, "an unknown answer");
  }
  const { snapshot } = read;
  const before = latestSnapshot();
  const wasUp = link().kind === "up";
  follower.since = snapshot.revision;
  follower.failures = 0;
  bridgeWasMet();
  rememberSnapshot(text);
  change({ kind: "up", snapshot, heardAtS: os.time() });
  takeNews(before, snapshot, wasUp);
  if (before?.counts.hosts !== snapshot.counts.hosts) tellOfDomainsToCome();
  const bridge = `${snapshot.bridge.pid} ${snapshot.bridge.startedAtEpochMs}`;
  if (follower.registeredAt !== bridge) {
    follower.registeredAt = bridge;
    registerGui();
  }
  return 0;
}

function away(follower: Follower, reason: string): number {
  lost(follower);
  if (mayStartBridge()) startSoon();
  const known = link();
  // The reason why it could not be started stays until something changes.
  if (known.kind !== "down" || (known.reason === stopping && reason !== stopping)) change({ kind: "down", reason });
  if (known.kind === "up" || known.kind === "silent") takeNews(undefined, undefined, true);
  return socketState(setup().folders.socketFile) === "absent" ? lookPauseMs : pauseAfter(follower);
}

/** In a coroutine of its own, once a process: whoever else starts a bridge meanwhile is followed too. */
function startSoon(): void {
  if (starting) return;
  starting = true;
  change({ kind: "down", reason: "starting" });
  wezterm.time.call_after(0, () => {
    const started = startBridge("auto");
    const known = link();
    if (known.kind === "down" && known.reason === "starting") change({ kind: "down", reason: started.ok ? "not running" : started.reason });
  });
}

function silent(follower: Follower, reason: string): number {
  const failures = follower.failures;
  lost(follower);
  // One broken poll is nothing: a bridge that ends, or a wait that was cut off by sleep.
  if (failures > 0) {
    if (link().kind !== "silent") logWarning(`the bridge gives no answer: ${reason}`);
    change({ kind: "silent", snapshot: latestSnapshot(), reason });
  }
  return pauseAfter(follower);
}

function mismatch(follower: Follower, older: "bridge" | "plugin"): number {
  lost(follower);
  if (link().kind !== "mismatch") {
    const advice = older === "bridge" ? "update octo, then `octo down` and `octo up`" : "update this plugin (wezterm.plugin.update_all())";
    logWarning(`the ${older} is older than the other side: ${advice}`);
  }
  change({ kind: "mismatch", older });
  return brokenPauseMs;
}

function broken(reason: string): number {
  warnOnce(reason);
  const known = link();
  if (known.kind !== "broken" || known.reason !== reason) change({ kind: "broken", reason });
  return brokenPauseMs;
}

function lost(follower: Follower): void {
  follower.since = undefined;
  follower.owned = false;
  follower.failures += 1;
}

function pauseAfter({ failures }: Follower): number {
  return tryPausesMs[Math.min(failures, tryPausesMs.length) - 1] ?? brokenPauseMs;
}

function change(next: Link): void {
  setLink(next);
  drawStatus();
}
