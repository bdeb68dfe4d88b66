import type { AttemptEffect } from "../../bridge/core/effect";
import type { Event } from "../../bridge/core/event";
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
      if (!server || outside.fails()) return post({ kind: "inspection-failed", fence, error: error("INSTANCE_UNRESPONSIVE") });
      const turn = server.turns.get(messageId);
      if (!outside.fails() && outside.servers.abort(server, sessionId) && turn) {
        outside.settled(server, turn);
        outside.settled(server, turn);
      }
      return post({ kind: "turn-aborted", fence });
    }
    case "finish-workspace":
      if (outside.fails()) return post({ kind: "finish-failed", fence, error: error("GIT_TIMEOUT") });
      return post({ kind: "workspace-finished", fence, branch: branchOf(task.id) });
  }
}

function send(outside: Outside, server: Server | undefined, { fence, task }: AttemptEffect): Event {
  const doubtful: Event = { kind: "prompt-doubtful", fence, error: error("INSTANCE_UNRESPONSIVE") };
  if (!server) return doubtful;
  const { sessionId = "", messageId = "", resumes } = task.state.attempt;
  if (outside.fails()) return doubtful;
  if (outside.fails(0.3)) return { kind: "prompt-refused", fence, error: error(resumes ? "SESSION_UNKNOWN" : "STORE_FAILED") };
  const prompt = { taskId: task.id, sessionId, messageId };
  if (outside.fails()) outside.late.push({ server, incarnation: server.incarnation, prompt, byMs: outside.nowMs + promptLateMaxMs });
  else outside.servers.receive(server, prompt, outside.fails());
  return outside.fails() ? doubtful : { kind: "prompt-accepted", fence };
}
