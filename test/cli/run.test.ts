import { writeFile } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { OctoError } from "../../bridge/octo-error";
import type { TaskView } from "../../shared/task";
import { instanceId, sampleInstance, samplePermission, sampleTask, taskId } from "../fakes/samples";
import { eventually } from "../helpers/eventually";
import type { TempFolder } from "../helpers/temp-folder";
import { builtOcto, type Octo, octo } from "./octo";

let built: TempFolder;
beforeAll(async () => {
  built = await builtOcto();
});
afterAll(() => built[Symbol.asyncDispose]());

const branch = { repository: "/repo", branch: "octo/0001-fix", base: "a".repeat(40), commit: "b".repeat(40), files: ["src/parser.ts"] };
const succeeded: Partial<TaskView> = {
  state: "succeeded",
  detail: "done",
  endedAtEpochMs: 1,
  runMs: 12_300,
  usage: { tokensIn: 1_000, tokensOut: 234, cost: 0.42 },
  branch,
};
const failed: Partial<TaskView> = { state: "failed", endedAtEpochMs: 1, error: { code: "MODEL_UNKNOWN", message: "no model x/y" } };

/** Every submission becomes a task that the service knows, numbered from 1. */
function acceptTasks({ service }: Octo, notices: readonly string[] = []): void {
  let number = 0;
  service.script({
    distribute_task: async ({ prompt }) => {
      number += 1;
      const task = sampleTask({ id: taskId(`${number}`), title: prompt, prompt });
      service.setTask(task);
      return { task, notices };
    },
  });
}

describe("run", () => {
  test("streams states, tools and text, and ends with branch, files, tokens, cost and seconds", async () => {
    await using program = await octo(built);
    acceptTasks(program, ["3 files not included"]);
    const id = taskId("1");
    const running = program.start(["run", "fix", "the", "parser", "--model", "openai/gpt-5", "--timeout", "1h30m"]);
    await eventually(() => expect(program.service.listeners()).toBe(2), { timeoutMs: 15_000 });
    program.service.setTask(sampleTask({ id, state: "running", detail: "the model works", instanceId: instanceId("1") }));
    program.service.say(id, { kind: "tool", name: "bash", title: "npm test", status: "running" });
    program.service.say(id, { kind: "text", text: "All \u001b[31mgreen" });
    program.service.setTask(sampleTask({ id, ...succeeded }));
    const { code, stdout, stderr } = await running.ended;
    expect(code).toBe(0);
    expect(program.service.received[0]).toMatchObject({
      params: { prompt: "fix the parser", directory: program.home, model: "openai/gpt-5", runTimeMaxMs: 5_400_000 },
    });
    expect(stdout).toContain("All green\n");
    expect(stdout).toMatch(/succeeded {2}tsk_1 {2}12\.3s {2}1\.2k tokens {2}\$0\.42/);
    expect(stdout).toContain("branch octo/0001-fix, 1 file");
    expect(stdout).toContain("src/parser.ts");
    expect(stdout + stderr).not.toContain("\u001b");
    expect(stderr).toMatch(/note: 3 files not included[\s\S]*running {2}tsk_1 on ins_1[\s\S]*bash npm test running/);
  });

  test.for([
    [1, { ...failed }, "MODEL_UNKNOWN: no model x/y"],
    [4, { state: "cancelled", endedAtEpochMs: 1 } satisfies Partial<TaskView>, "cancelled"],
  ] as const)("ends with exit code %s by the outcome", async ([expected, end, said]) => {
    await using program = await octo(built);
    acceptTasks(program);
    const running = program.start(["run", "x"]);
    await eventually(() => expect(program.service.listeners()).toBe(2), { timeoutMs: 15_000 });
    program.service.setTask(sampleTask({ id: taskId("1"), ...end }));
    const { code, stdout } = await running.ended;
    expect(code).toBe(expected);
    expect(stdout).toContain(said);
  });

  test("tells what waits for a person, and how to answer", async () => {
    await using program = await octo(built);
    acceptTasks(program);
    const running = program.start(["run", "x"]);
    await eventually(() => expect(program.service.listeners()).toBe(2), { timeoutMs: 15_000 });
    program.service.setAsks([samplePermission({ taskId: taskId("1") }), samplePermission({ taskId: taskId("2"), title: "not ours" })]);
    await eventually(() => expect(running.stderr()).toContain("octo allow per_0001"));
    expect(running.stderr()).not.toContain("not ours");
    program.service.setTask(sampleTask({ id: taskId("1"), ...succeeded }));
    expect((await running.ended).code).toBe(0);
  });

  test("prints one JSON value and nothing else with --json", async () => {
    await using program = await octo(built);
    acceptTasks(program, ["a notice"]);
    const running = program.start(["run", "x", "--json"]);
    await eventually(() => expect(program.service.listeners()).toBe(1), { timeoutMs: 15_000 });
    program.service.setTask(sampleTask({ id: taskId("1"), ...succeeded }));
    const { stdout, stderr } = await running.ended;
    expect(JSON.parse(stdout)).toMatchObject({ task: { id: "tsk_1", state: "succeeded" } });
    expect(stderr).toBe("");
  });

  test("detaches at Ctrl-C, says how to go on, and cancels nothing", async () => {
    await using program = await octo(built);
    acceptTasks(program);
    const running = program.start(["run", "x"]);
    await eventually(() => expect(program.service.listeners()).toBe(2), { timeoutMs: 15_000 });
    running.child.kill("SIGINT");
    const { code, stderr } = await running.ended;
    expect(code).toBe(130);
    expect(stderr).toContain("octo logs --follow tsk_1");
    expect(stderr).toContain("octo cancel tsk_1");
    // It may have asked meanwhile why the task waits.
    expect(program.service.received.map(({ method }) => method).filter((method) => method !== "why_task")).toEqual(["distribute_task"]);
  });

  test("gets a task's end also when it ended before it looked", async () => {
    await using program = await octo(built);
    program.service.script({
      distribute_task: async () => ({ task: sampleTask({ id: taskId("1") }), notices: [] }),
      get_task: async () => ({ task: sampleTask({ id: taskId("1"), ...succeeded }) }),
    });
    expect((await program.run(["run", "x"])).code).toBe(0);
  });

  test("runs many prompts of a list at once, skips blank lines and ends with a table", async () => {
    await using program = await octo(built);
    acceptTasks(program);
    await writeFile(`${program.home}/prompts.txt`, "first\n\n  \nsecond 世界\nthird\n");
    const running = program.start(["run", "--from", "prompts.txt"]);
    await eventually(() => expect(program.service.listeners()).toBe(1), { timeoutMs: 15_000 });
    program.service.setTask(sampleTask({ id: taskId("1"), title: "first", ...succeeded }));
    program.service.setTask(sampleTask({ id: taskId("2"), title: "second 世界", ...failed }));
    program.service.setTask(sampleTask({ id: taskId("3"), title: "third", ...succeeded }));
    const { code, stdout } = await running.ended;
    expect(code).toBe(1);
    const submitted = program.service.received.filter(({ method }) => method === "distribute_task");
    expect(submitted.map(({ params }) => params)).toMatchObject([{ prompt: "first" }, { prompt: "second 世界" }, { prompt: "third" }]);
    const lines = stdout.trimEnd().split("\n");
    expect(lines).toHaveLength(4);
    expect(lines[0]).toMatch(/^TASK +STATE +AGE +TIME +TOKENS +COST +TITLE +RESULT$/);
    expect(lines[2]).toMatch(/^tsk_2 +failed .*second 世界 +MODEL_UNKNOWN$/);
  });
});

describe("submit", () => {
  test("prints the task's id and returns", async () => {
    await using program = await octo(built);
    acceptTasks(program);
    program.service.setInstance(sampleInstance());
    await writeFile(`${program.home}/notes.md`, "x");
    const args = ["--attach", "notes.md", "--attempts", "2", "--in-place", "--with-changes", "--priority", "-5", "--strategy", "random"];
    const { code, stdout } = await program.run(["submit", "-", ...args, "--instance", "local-1", "--label", "fast"], {
      stdin: "long\nprompt\n",
    });
    expect({ code, stdout }).toEqual({ code: 0, stdout: "tsk_1\n" });
    expect(program.service.received.at(-1)?.params).toMatchObject({
      prompt: "long\nprompt\n",
      attachments: [`${program.home}/notes.md`],
      attemptsMax: 2,
      isolation: "in-place",
      withChanges: true,
      priority: -5,
      strategy: "random",
      filter: { instances: ["ins_0001"], labels: ["fast"] },
    });
  });

  test.for([["run"], ["run", "--dry-run"], ["submit"]])(
    "%s refuses a host that octo does not know, since the task would wait for ever",
    async (command) => {
      await using program = await octo(built);
      acceptTasks(program);
      const { code, stderr } = await program.run([...command, "fix it", "--host", "local", "--host", "bgi"]);
      expect({ code, stderr }).toEqual({
        code: 1,
        stderr: 'error HOST_UNKNOWN: there is no host "bgi"\nList the hosts with `octo hosts list`.\n',
      });
      expect(program.service.received.map(({ method }) => method)).not.toContain("distribute_task");
    },
  );

  test("takes this machine as a host", async () => {
    await using program = await octo(built);
    acceptTasks(program);
    expect(await program.run(["submit", "fix it", "--host", "local"])).toMatchObject({ code: 0 });
    expect(program.service.received.at(-1)?.params).toMatchObject({ filter: { hosts: ["local"] } });
  });

  test("refuses a model without a provider before anything is asked of the bridge", async () => {
    await using program = await octo(built);
    const { code, stderr } = await program.run(["submit", "fix it", "--model", "gpt-5"]);
    expect(code).toBe(2);
    expect(stderr).toContain("'-m, --model <provider/model>' argument 'gpt-5' is invalid. Give it as provider/model");
    expect(program.service.received).toEqual([]);
  });

  test("names what was submitted before a failure", async () => {
    await using program = await octo(built);
    let number = 0;
    program.service.script({
      distribute_task: async () => {
        number += 1;
        if (number === 2) throw new OctoError("QUEUE_FULL", "1 task is queued");
        return { task: sampleTask({ id: taskId(`${number}`) }), notices: [] };
      },
    });
    const { code, stderr } = await program.run(["submit", "--from", "-"], { stdin: "a\nb\nc\n" });
    expect(code).toBe(1);
    expect(stderr).toMatch(/1 of 3 prompts were submitted: tsk_1[\s\S]*QUEUE_FULL/);
  });

  test.for([
    [["submit"], "PROMPT_EMPTY"],
    [["submit", "x", "--from", "list"], "not both"],
    [["submit", "x", "--attach", "missing.md"], "ATTACHMENT_UNREADABLE"],
    [["submit", "--from", "missing.txt"], "ATTACHMENT_UNREADABLE: there is no file missing.txt\nCheck the path"],
    [["submit", "--from", "/"], "ATTACHMENT_UNREADABLE: / is a folder\nCheck the path"],
    [["submit", "x", "--timeout", "90"], "like 90s, 30m or 1h30m"],
    [["submit", "x", "--attempts", "0"], "from 1 to 100"],
    [["submit", "x", "--strategy", "best"], "round-robin, least-loaded, random"],
    [["submit", "x", "--model", "gpt"], "provider/model"],
    [["submit", "x", "--colour"], "unknown option '--colour'"],
    [["sumbit", "x"], "Did you mean submit?"],
  ] as const)("refuses %s with exit code 2 and a reason", async ([args, said]) => {
    await using program = await octo(built);
    const { code, stderr } = await program.run(args);
    expect(stderr).toContain(said);
    expect(code).toBe(2);
    expect(program.service.received).toEqual([]);
  });
});
