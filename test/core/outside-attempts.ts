import type { AttemptEffect } from "../../bridge/core/effect";
import type { Event } from "../../bridge/core/event";
import type { Attempt } from "../../bridge/core/task";
import { local } from "../fakes/samples";
import type { Outside } from "./outside";
import type { Server } from "./simulated-servers";
import { branchOf, error } from "./steps";

/** From the 204 to the stored message; 2 s were seen. */
const promptLateMaxMs = 4_000;

/** Does what an attempt asked of git or of its server. */
export function answerAttempt(outside: Outside, { kind, fence, task }: AttemptEffect): void {
  const { attempt } = task.state;
  const channel = outside.name("answer ");
  const post = (event: Event) => outside.post(channel, event);
  const server = outside.reached(attempt.instanceId, attempt.incarnation);
  const { sessionId = "", messageId = "" } = attempt;
  switch (kind) {
    case "prepare-workspace": {
      if (!isThere(outside, attempt)) return post({ kind: "workspace-failed", fence, error: error("HOST_UNREACHABLE") });
      if (outside.fails()) return post({ kind: "workspace-failed", fence, error: error("WORKTREE_FAILED") });
      const directory = `/pool/${attempt.instanceId}/${attempt.slot}`;
      const branch = { repository: "/repo", worktree: directory, name: "octo/x", base: "c0" };
      const inPlace = task.origin.kind === "in-place";
      return post({ kind: "workspace-prepared", fence, workspace: inPlace ? { directory } : { directory, branch } });
    }
    case "open-session": {
      if (!server || outside.fails()) return post({ kind: "session-failed", fence, error: error("INSTANCE_NOT_READY") });
      const ids = { sessionId: attempt.resumes?.sessionId ?? outside.name("ses_"), messageId: outside.name("msg_"), partIds: ["prt_1"] };
      return post({ kind: "session-opened", fence, ...ids });
    }
    case "send-prompt":
      return post(send(outside, server, { fence, task, kind }));
    case "inspect-turn":
      if (!server || outside.fails()) return post({ kind: "inspection-failed", fence, error: error("INSTANCE_UNRESPONSIVE") });
      return post({ kind: "turn-inspected", fence, report: outside.servers.report(server, messageId) });
    case "abort-turn": {
      const cut = outside.servers.servers.get(attempt.instanceId);
      if (cut && !outside.canHear(cut) && isOf(cut, attempt) && outside.fails()) outside.servers.abort(cut, sessionId);
      if (!server || outside.fails()) return post({ kind: "inspection-failed", fence, error: error("INSTANCE_UNRESPONSIVE") });
      const turn = server.turns.get(messageId);
      if (!outside.fails() && outside.servers.abort(server, sessionId) && turn) {
        outside.settled(server, turn);
        outside.settled(server, turn);
      }
      return post({ kind: "turn-aborted", fence });
    }
    case "finish-workspace":
      if (!isThere(outside, attempt)) return post({ kind: "finish-failed", fence, error: error("HOST_UNREACHABLE") });
      if (outside.fails()) return post({ kind: "finish-failed", fence, error: error("GIT_TIMEOUT") });
      return post({ kind: "workspace-finished", fence, branch: branchOf(task.id) });
  }
}

/** One that lives, of the start that the attempt is of. */
function isOf({ alive, incarnation, trouble, left }: Server, attempt: Attempt): boolean {
  return alive && !left && trouble === "none" && incarnation === attempt.incarnation;
}

/** The machine where the attempt works can be asked: it is looked for as the runtime does. */
function isThere({ hosts, servers, instances }: Outside, { host, instanceId }: Attempt): boolean {
  const sought = host ?? instances.get(instanceId)?.host ?? local;
  const at = servers.servers.get(instanceId);
  if (at && at.host !== sought) throw new Error(`work of ${instanceId} is looked for on ${sought}, and is on ${at.host}`);
  return !at?.left && !hosts.isCut(sought);
}

function send(outside: Outside, server: Server | undefined, { fence, task }: AttemptEffect): Event {
  const doubtful: Event = { kind: "prompt-doubtful", fence, error: error("INSTANCE_UNRESPONSIVE") };
  // It may have got through before the link was gone.
  const { attempt } = task.state;
  const cut = outside.servers.servers.get(attempt.instanceId);
  const heard = server ?? (cut && !outside.canHear(cut) && outside.fails() && isOf(cut, attempt) ? cut : undefined);
  if (!heard) return doubtful;
  const { sessionId = "", messageId = "", resumes } = task.state.attempt;
  if (outside.fails()) return doubtful;
  if (server && outside.fails(0.3)) return { kind: "prompt-refused", fence, error: error(resumes ? "SESSION_UNKNOWN" : "STORE_FAILED") };
  const prompt = { taskId: task.id, sessionId, messageId };
  if (outside.fails()) outside.late.push({ server: heard, incarnation: heard.incarnation, prompt, byMs: outside.nowMs + promptLateMaxMs });
  else outside.servers.receive(heard, prompt, outside.fails());
  return !server || outside.fails() ? doubtful : { kind: "prompt-accepted", fence };
}
