import { appendFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, relative, resolve } from "node:path";
import type { Assistant, ToolPart } from "./assistant";
import type { Directive } from "./directives";
import type { World } from "./world";

export type ToolDirective = Extract<Directive, { kind: "bash" | "write" | "ensure" | "question" | "child" }>;

/** `stopped`: a person rejected it without a word, and the turn ends there (seen). */
export type ToolVerdict = "done" | "stopped";

export interface ToolContext {
  readonly world: World;
  readonly sessionId: string;
  readonly directory: string;
  readonly signal: AbortSignal;
  readonly assistant: Assistant;
  /** Plays a prompt in a new session below this one, until it is idle. */
  readonly playChild: (prompt: string) => Promise<string>;
}

const toolNames = { bash: "bash", write: "write", ensure: "edit", question: "question", child: "task" } as const;

export function isTool(directive: Directive): directive is ToolDirective {
  return directive.kind in toolNames;
}

/** Calls one tool as the model would; raises `Aborted`, then the part says so already. */
export async function callTool(directive: ToolDirective, context: ToolContext): Promise<ToolVerdict> {
  const { assistant } = context;
  const name = toolNames[directive.kind];
  assistant.say(`Calling ${name}. `);
  const part = assistant.tool(name);
  try {
    switch (directive.kind) {
      case "bash":
        return await runShell(directive.command, directive.asked, part, context);
      case "write":
        return writeText(directive.path, directive.text, part, context);
      case "ensure":
        return ensureLine(directive.path, directive.line, part, context);
      case "question":
        return await askQuestion(directive.question, directive.options, part, context);
      case "child":
        return await runChild(directive.prompt, part, context);
    }
  } catch (thrown) {
    if (!context.signal.aborted) throw thrown;
    if (name === "bash") part.completed(abortedOutput, { output: abortedOutput, exit: null }, name);
    else part.failed("Tool execution aborted");
    throw thrown;
  }
}

const abortedOutput = "(no output)\n\n<shell_metadata>\nUser aborted the command\n</shell_metadata>";

async function runShell(command: string, asked: boolean, part: ToolPart, context: ToolContext): Promise<ToolVerdict> {
  const { world, sessionId, directory, signal, assistant } = context;
  const input = { command, description: "run command" };
  part.running(input);
  assistant.endText();
  if (asked) {
    const metadata = { command };
    const always = `${command.split(" ")[0] ?? ""} *`;
    const ask = { directory, sessionId, permission: "bash", pattern: command, always, metadata, tool: part.reference };
    const reply = await world.asks.permission(ask, signal);
    if (reply.kind === "rejected") {
      const prefix = "The user rejected permission to use this specific tool call";
      part.failed(reply.message === undefined ? `${prefix}.` : `${prefix} with the following feedback: ${reply.message}`);
      return reply.message === undefined ? "stopped" : "done";
    }
  }
  part.running(input, { output: "" });
  const { output, exit } = await world.shells.run(command, { directory, signal, output: (text) => part.running(input, { output: text }) });
  part.completed(output, { output, exit }, command);
  return "done";
}

function writeText(path: string, text: string, part: ToolPart, { world, directory, assistant }: ToolContext): ToolVerdict {
  const file = resolve(directory, path);
  part.running({ filePath: file, content: text });
  assistant.endText();
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
  world.hub.publish({ directory, type: "file.edited", properties: { file } });
  part.completed("Wrote file successfully.", { filepath: file }, relative(directory, file));
  return "done";
}

function ensureLine(path: string, line: string, part: ToolPart, { world, directory, assistant }: ToolContext): ToolVerdict {
  const file = resolve(directory, path);
  part.running({ filePath: file, newString: line });
  assistant.endText();
  mkdirSync(dirname(file), { recursive: true });
  const held = existsSync(file) ? readFileSync(file, "utf8").split("\n") : [];
  if (!held.includes(line)) appendFileSync(file, `${line}\n`);
  world.hub.publish({ directory, type: "file.edited", properties: { file } });
  part.completed("Edit applied successfully.", { filepath: file }, relative(directory, file));
  return "done";
}

async function askQuestion(question: string, labels: readonly string[], part: ToolPart, context: ToolContext): Promise<ToolVerdict> {
  const { world, sessionId, directory, signal, assistant } = context;
  const options = labels.map((label) => ({ label, description: label }));
  const questions = [{ question, header: question.slice(0, 30), options }];
  part.running({ questions });
  assistant.endText();
  const reply = await world.asks.question({ directory, sessionId, questions, tool: part.reference }, signal);
  if (reply.kind === "rejected") {
    part.failed("The user dismissed this question");
    return "stopped";
  }
  part.completed(
    `User has answered your questions: "${question}"="${reply.answers.flat().join(", ")}".`,
    { answers: reply.answers },
    "Asked 1 question",
  );
  return "done";
}

async function runChild(prompt: string, part: ToolPart, { assistant, playChild }: ToolContext): Promise<ToolVerdict> {
  part.running({ description: "child", prompt, subagent_type: "general" });
  assistant.endText();
  part.completed(await playChild(prompt), {}, "child");
  return "done";
}
