import { z } from "zod";
import { askSurfaces, ruleActions } from "../../shared/ask";
import { costKeys } from "../../shared/cost";
import { hostDomains, partitionPolicies } from "../../shared/host";
import type { MethodName, Methods } from "../../shared/protocol";
import { mergeModes } from "../../shared/result";
import { isolations, strategies } from "../../shared/task";
import {
  absolutePath,
  askId,
  branch,
  hostId,
  instanceId,
  label,
  list,
  model,
  name,
  prompt,
  requestId,
  taskId,
  text,
  whole,
} from "./fields";

const dayMs = 86_400_000;

/** What every request to the RPC route carries. The protocol is compared before this is applied (see `rpc.ts`). */
export const envelope = z.strictObject({
  protocol: whole(0, Number.MAX_SAFE_INTEGER),
  requestId: requestId.optional(),
  method: z.string().max(100),
  params: z.unknown().optional(),
});

const nothing = z.strictObject({});
const taskRef = z.strictObject({ taskId });
const instanceRef = z.strictObject({ instanceId });
const attachments = list(absolutePath, 32);

const submit = z.strictObject({
  prompt,
  directory: absolutePath,
  model: model.optional(),
  agent: name.optional(),
  variant: name.optional(),
  attachments: attachments.optional(),
  isolation: z.enum(isolations).optional(),
  withChanges: z.boolean().optional(),
  attemptsMax: whole(1, 100).optional(),
  runTimeMaxMs: whole(1_000, 7 * dayMs).optional(),
  queueTimeMaxMs: whole(0, 30 * dayMs).optional(),
  tokensMax: whole(0, 1_000_000_000).optional(),
  costMax: z.number().min(0).max(100_000).optional(),
  priority: whole(-1_000, 1_000).optional(),
  after: list(taskId, 64).optional(),
  filter: z
    .strictObject({
      instances: list(instanceId, 64).optional(),
      hosts: list(hostId, 64).optional(),
      labels: list(label, 32).optional(),
    })
    .transform(withoutUndefined)
    .optional(),
  strategy: z.enum(strategies).optional(),
  permissions: list(z.strictObject({ permission: name, pattern: text(1_000), action: z.enum(ruleActions) }), 256).optional(),
});

const answer = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("allow"), scope: z.enum(["once", "always"]) }),
  z.strictObject({ kind: z.literal("deny"), message: text(4_096).optional() }),
  z.strictObject({ kind: z.literal("answers"), answers: list(list(text(1_000), 32), 32) }),
]);

// Numbers of WezTerm: a process id, then ids that it counts up from 0.
const guiId = whole(1, 0x7fff_ffff);
const paneId = whole(0, Number.MAX_SAFE_INTEGER);
const whereInGui = { guiId, windowId: whole(0, Number.MAX_SAFE_INTEGER).optional(), shownPaneId: paneId.optional() };

/** The parameters of every method, strict: an unknown field is refused by its name, everything has a grammar and a limit. */
export const paramSchemas: { readonly [Name in MethodName]: z.ZodType<Methods[Name]["params"]> } = {
  spawn_opencode_server: z
    .strictObject({
      port: whole(1_024, 65_535).optional(),
      count: whole(1, 64).optional(),
      slots: whole(1, 64).optional(),
      labels: list(label, 32).optional(),
      host: hostId.optional(),
    })
    .refine(({ port, count }) => port === undefined || count === undefined || count === 1, {
      path: ["port"],
      message: "goes with a single instance only, leave count out",
    }),
  list_opencode_servers: nothing,
  create_wezterm_domain: z.strictObject({ name: hostId, address: name, username: name }),
  add_host: z.strictObject({
    name: hostId,
    address: name,
    user: name.optional(),
    port: whole(1, 65_535).optional(),
    labels: list(label, 32).optional(),
    slots: whole(1, 64).optional(),
    paths: z.record(name, z.string().regex(/^(\/|~\/)[^\0]{0,4095}$/u, "must be an absolute path, or one that begins with ~/")).optional(),
    domain: z.enum(hostDomains).optional(),
    onPartition: z.enum(partitionPolicies).optional(),
  }),
  list_hosts: nothing,
  check_host: z.strictObject({ name: hostId }),
  remove_host: z.strictObject({ name: hostId, forget: z.boolean().optional() }),
  distribute_task: submit,
  preview_task: submit,
  reply_task: z.strictObject({ taskId, prompt, attachments: attachments.optional() }),
  list_tasks: z.strictObject({ limit: whole(1, 10_000).optional(), all: z.boolean().optional(), brief: z.boolean().optional() }),
  get_task: taskRef,
  why_task: taskRef,
  task_diff: taskRef,
  task_transcript: taskRef,
  cancel_task: taskRef,
  retry_task: taskRef,
  merge_task: taskRef.extend({ mode: z.enum(mergeModes).optional(), into: branch.optional(), message: text(65_536).optional() }),
  drop_task: taskRef.extend({ force: z.boolean().optional() }),
  open_task: taskRef,
  gc: z.strictObject({ olderThanMs: whole(0, 3_650 * dayMs).optional(), dryRun: z.boolean().optional() }),
  list_asks: z.strictObject({ brief: z.boolean().optional() }),
  answer_ask: z.strictObject({ askId, answer, surface: z.enum(askSurfaces).optional() }),
  list_audit: z.strictObject({
    taskId: taskId.optional(),
    sinceEpochMs: z.number().min(0).optional(),
    limit: whole(1, 1_000).optional(),
  }),
  restart_instance: instanceRef.extend({ drain: z.boolean().optional() }),
  drain_instance: instanceRef,
  stop_instance: instanceRef,
  instance_log: z.strictObject({ instanceId, linesMax: whole(1, 10_000).optional() }),
  register_gui: z.strictObject({
    guiId,
    weztermSocket: absolutePath,
    weztermCommand: absolutePath,
    sshAuthSock: absolutePath.optional(),
    version: name,
  }),
  list_guis: nothing,
  open_pane: z.strictObject({
    target: z.union([instanceId, taskId]),
    ...whereInGui,
    focus: z.boolean().optional(),
    auto: z.boolean().optional(),
  }),
  open_panes: z.strictObject(whereInGui),
  close_pane: z.strictObject({ guiId, paneId }),
  pane_views: z.strictObject({ guiId }),
  claim_toast: z.strictObject({ subject: name }),
  hook_runs: z.strictObject({ limit: whole(1, 1_000).optional() }),
  get_costs: z.strictObject({
    by: z.enum(costKeys),
    sinceDay: z
      .string()
      .regex(/^\d{4}-\d{2}-\d{2}$/, "must be a day like 2026-11-23")
      .optional(),
    limit: whole(1, 10_000).optional(),
  }),
  allow_today: z
    .strictObject({ cost: z.number().positive().max(1_000_000).optional(), tokens: whole(1, 1_000_000_000_000).optional() })
    .refine(({ cost, tokens }) => cost !== undefined || tokens !== undefined, { path: ["cost"], message: "give cost, tokens or both" }),
  get_snapshot: nothing,
  get_status: nothing,
  shut_down: z.strictObject({ all: z.boolean() }),
};

/** Methods that change something: they need a request id, so that a repeated request is the same command. */
export const commands: readonly MethodName[] = [
  "spawn_opencode_server",
  "create_wezterm_domain",
  "add_host",
  "remove_host",
  "distribute_task",
  "reply_task",
  "cancel_task",
  "retry_task",
  "merge_task",
  "drop_task",
  "open_task",
  "gc",
  "answer_ask",
  "allow_today",
  "restart_instance",
  "drain_instance",
  "stop_instance",
  "register_gui",
  "open_pane",
  "open_panes",
  "close_pane",
  "claim_toast",
  "shut_down",
];

export function isMethod(name: string): name is MethodName {
  return Object.hasOwn(paramSchemas, name);
}

/** `Partial<…>` of the protocol means absent, not undefined. */
function withoutUndefined<Fields extends object>(fields: Fields): { [Key in keyof Fields]?: Exclude<Fields[Key], undefined> } {
  const kept: { [Key in keyof Fields]?: Exclude<Fields[Key], undefined> } = {};
  for (const key in fields) {
    const value = fields[key];
    if (isGiven(value)) kept[key] = value;
  }
  return kept;
}

function isGiven<Value>(value: Value): value is Exclude<Value, undefined> {
  return value !== undefined;
}
