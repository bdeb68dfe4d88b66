import type { AskView } from "../../shared/ask";
import type { AskId, HostId, InstanceId, TaskId } from "../../shared/ids";
import type { InstanceView } from "../../shared/instance";
import type { TaskView } from "../../shared/task";

/** Ids for tests: any text becomes one. */
export const taskId = (text: string) => brand<TaskId>(`tsk_${text}`);
export const instanceId = (text: string) => brand<InstanceId>(`ins_${text}`);
export const askId = (text: string) => brand<AskId>(text);
export const hostId = (text: string) => brand<HostId>(text);
export const local = hostId("local");

function brand<Id extends string>(text: string): Id {
  return text as Id;
}

export function sampleTask(change: Partial<TaskView> = {}): TaskView {
  return {
    id: taskId("0001"),
    state: "queued",
    detail: "waits for an instance",
    title: "fix the parser",
    prompt: "fix the parser",
    directory: "/repo",
    priority: 0,
    submittedAtEpochMs: 1_700_000_000_000,
    attempts: [],
    attempt: 0,
    attemptsMax: 3,
    usage: { tokensIn: 0, tokensOut: 0, cost: 0 },
    runMs: 0,
    text: "",
    ...change,
  };
}

export function sampleInstance(change: Partial<InstanceView> = {}): InstanceView {
  return {
    id: instanceId("0001"),
    name: "local-1",
    host: local,
    state: "ready",
    incarnation: 1,
    labels: [],
    port: 41_001,
    pid: 4_242,
    version: "1.18.33",
    slots: 4,
    running: 1,
    waiting: 0,
    rssBytes: 300 * 1024 * 1024,
    ...change,
  };
}

/** A permission to run `npm test`. */
export function samplePermission(change: Partial<AskView> = {}): AskView {
  return {
    id: askId("per_0001"),
    instanceId: instanceId("0001"),
    sessionId: "ses_1",
    rootSessionId: "ses_1",
    directory: "/repo",
    content: { kind: "permission", permission: "bash", patterns: ["npm test"], always: ["npm *"], patternsLeftOut: 0, details: [] },
    askedAtEpochMs: 1_700_000_000_000,
    taskId: taskId("0001"),
    title: "bash: npm test",
    instanceName: "local-1",
    host: local,
    ...change,
  };
}

/** One question with the options Blue and Red. */
export function sampleQuestion(change: Partial<AskView> = {}): AskView {
  const options = [
    { label: "Blue", description: "like the sky" },
    { label: "Red", description: "like a rose" },
  ];
  return samplePermission({
    id: askId("que_0001"),
    content: { kind: "question", questions: [{ header: "Colour", question: "Which colour?", options, multiple: false }] },
    title: "Which colour?",
    ...change,
  });
}
