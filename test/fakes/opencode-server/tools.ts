import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, relative, resolve } from "node:path";
import { fitsPattern } from "../../../bridge/core/ask-pattern";
import { askPrefix, type ToolCall } from "../../../bridge/demo/stand-in/tool-calls";
import type { PermissionReply } from "./asks";
import type { Assistant, ToolPart } from "./assistant";
import { isObject, type JsonObject, objectsOf, textOf } from "./json";
import type { World } from "./world";

/** `stopped`: a person rejected it without a word, and the turn ends there (seen). */
export type ToolVerdict = "done" | "stopped";

export interface ToolContext {
  readonly world: World;
  readonly sessionId: string;
  readonly directory: string;
  readonly signal: AbortSignal;
  readonly assistant: Assistant;
  /** Plays a prompt in a session below this one until that is idle; `begun` tells its id first. */
  readonly playChild: (prompt: string, begun: (sessionId: string) => void) => Promise<ToolVerdict>;
}

/** One tool as the model calls it; raises `Aborted`, then the part says so already. */
export async function callTool(call: ToolCall, context: ToolContext): Promise<ToolVerdict> {
  const { assistant } = context;
  const input: JsonObject = isObject(call.arguments) ? call.arguments : {};
  assistant.say(`Calling ${call.name}. `);
  const part = assistant.tool(call.name);
  part.running(input);
  assistant.endText();
  try {
    switch (call.name) {
      case "bash":
        return await runShell(input, part, context);
      case "write":
        return await writeText(input, part, context);
      case "edit":
        return editText(input, part, context);
      case "question":
        return await askQuestion(input, part, context);
      case "task":
        return await runChild(input, part, context);
    }
  } catch (thrown) {
    if (!context.signal.aborted) {
      part.failed(thrown instanceof Error ? thrown.message : String(thrown));
      return "done";
    }
    if (call.name === "bash") part.completed(abortedOutput, { output: abortedOutput, exit: null }, "bash");
    else part.failed("Tool execution aborted");
    throw thrown;
  }
}

const abortedOutput = "(no output)\n\n<shell_metadata>\nUser aborted the command\n</shell_metadata>";

/** Asks first where the stand-in's configuration says `ask`. */
async function runShell(input: JsonObject, part: ToolPart, context: ToolContext): Promise<ToolVerdict> {
  const { world, sessionId, directory, signal } = context;
  const command = textOf(input, "command") ?? "";
  const action = sessionRule("bash", command, context) ?? (command.startsWith(askPrefix) ? "ask" : "allow");
  if (action === "deny") {
    part.failed("The user has specified a rule which prevents you from using this specific tool call.");
    return "done";
  }
  if (action === "ask") {
    const always = `${command.split(" ").slice(0, 2).join(" ")} *`;
    const ask = { directory, sessionId, permission: "bash", pattern: command, always, metadata: { command }, tool: part.reference };
    const verdict = refusal(await world.asks.permission(ask, signal), part);
    if (verdict !== undefined) return verdict;
  }
  part.running(input, { output: "" });
  const { output, exit } = await world.shells.run(command, { directory, signal, output: (text) => part.running(input, { output: text }) });
  part.completed(output, { output, exit }, command);
  return "done";
}

/** What the session's own rules say; the last one that matches counts. */
function sessionRule(permission: string, subject: string, { world, sessionId }: ToolContext): string | undefined {
  const rules = objectsOf(world.store.session(sessionId) ?? {}, "permission");
  const fits = (rule: JsonObject) =>
    fitsPattern(permission, textOf(rule, "permission") ?? "") && fitsPattern(subject, textOf(rule, "pattern") ?? "");
  return textOf(rules.findLast(fits) ?? {}, "action");
}

function refusal(reply: PermissionReply, part: ToolPart): ToolVerdict | undefined {
  if (reply.kind === "allowed") return undefined;
  const prefix = "The user rejected permission to use this specific tool call";
  part.failed(reply.message === undefined ? `${prefix}.` : `${prefix} with the following feedback: ${reply.message}`);
  return reply.message === undefined ? "stopped" : "done";
}

/** Asks first for what is outside the session's folder (seen). */
async function writeText(input: JsonObject, part: ToolPart, { world, directory, sessionId, signal }: ToolContext): Promise<ToolVerdict> {
  const file = resolve(directory, textOf(input, "filePath") ?? "");
  if (relative(directory, file).startsWith("..")) {
    const parentDir = dirname(file);
    const metadata = { filepath: file, parentDir };
    const ask = { directory, sessionId, permission: "external_directory", pattern: `${parentDir}/*`, always: `${parentDir}/*`, metadata };
    const verdict = refusal(await world.asks.permission({ ...ask, tool: part.reference }, signal), part);
    if (verdict !== undefined) return verdict;
  }
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, textOf(input, "content") ?? "");
  world.hub.publish({ directory, type: "file.edited", properties: { file } });
  part.completed("Wrote file successfully.", { filepath: file }, relative(directory, file));
  return "done";
}

function editText(input: JsonObject, part: ToolPart, { world, directory }: ToolContext): ToolVerdict {
  const file = resolve(directory, textOf(input, "filePath") ?? "");
  const before = textOf(input, "oldString") ?? "";
  let text = "";
  try {
    text = readFileSync(file, "utf8");
  } catch {
    part.failed(`File ${file} not found`);
    return "done";
  }
  if (!text.includes(before)) {
    part.failed("Could not find oldString in the file.");
    return "done";
  }
  writeFileSync(
    file,
    text.replace(before, () => textOf(input, "newString") ?? ""),
  );
  world.hub.publish({ directory, type: "file.edited", properties: { file } });
  part.completed("Edit applied successfully.", { filepath: file }, relative(directory, file));
  return "done";
}

async function askQuestion(input: JsonObject, part: ToolPart, context: ToolContext): Promise<ToolVerdict> {
  const { world, sessionId, directory, signal } = context;
  const questions = objectsOf(input, "questions");
  const reply = await world.asks.question({ directory, sessionId, questions, tool: part.reference }, signal);
  if (reply.kind === "rejected") {
    part.failed("The user dismissed this question");
    return "stopped";
  }
  const answered = questions.map((question, at) => `"${textOf(question, "question") ?? ""}"="${(reply.answers[at] ?? []).join(", ")}"`);
  part.completed(`User has answered your questions: ${answered.join(", ")}.`, { answers: reply.answers }, "Asked 1 question");
  return "done";
}

/** A subagent that was stopped is an error to the one above, which goes on (seen). */
async function runChild(input: JsonObject, part: ToolPart, { playChild }: ToolContext): Promise<ToolVerdict> {
  let sessionId = "";
  const verdict = await playChild(textOf(input, "prompt") ?? "", (id) => {
    sessionId = id;
    part.running(input, { sessionId });
  });
  if (verdict === "stopped") part.failed("The subagent was stopped");
  else part.completed("<task_result>\ndone\n</task_result>", { sessionId }, textOf(input, "description") ?? "");
  return "done";
}
