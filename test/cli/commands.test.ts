import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { instanceId, sampleInstance, samplePermission, sampleQuestion, sampleTask, taskId } from "../fakes/samples";
import { eventually } from "../helpers/eventually";
import type { TempFolder } from "../helpers/temp-folder";
import { builtOcto, octo } from "./octo";

let built: TempFolder;
beforeAll(async () => {
  built = await builtOcto();
});
afterAll(() => built[Symbol.asyncDispose]());

describe("tasks", () => {
  test("are listed in a table whose columns hold wide titles, or as JSON", async () => {
    await using program = await octo(built);
    program.service.setTask(sampleTask({ id: taskId("1"), title: "解析器を直す", detail: "x" }));
    program.service.setTask(sampleTask({ id: taskId("2"), title: "evil \u001b]0;pwned\u0007title", detail: "y" }));
    const [{ stdout }, json] = await Promise.all([program.run(["tasks"]), program.run(["tasks", "--json"])]);
    const [, wide = "", narrow = ""] = stdout.split("\n");
    // Six wide characters take twelve cells.
    expect(wide.lastIndexOf("x")).toBe(narrow.lastIndexOf("y") - 6);
    expect(stdout).toContain("evil title");
    expect(stdout).not.toContain("pwned");
    expect(JSON.parse(json.stdout)).toMatchObject({ tasks: [{ id: "tsk_1" }, { id: "tsk_2" }] });
  });

  test("are found by a unique beginning or end of their id", async () => {
    await using program = await octo(built);
    program.service.setTask(sampleTask({ id: taskId("abc1"), detail: "the first" }));
    program.service.setTask(sampleTask({ id: taskId("abd2"), detail: "the second" }));
    for (const given of ["tsk_abd", "abd", "d2", "tsk_abd2"]) {
      expect((await program.run(["show", given])).stdout, given).toContain("the second");
    }
    const several = await program.run(["show", "ab"]);
    expect(several).toMatchObject({ code: 2, stderr: expect.stringMatching(/NAME_AMBIGUOUS.*fits 2 tasks: tsk_abc1, tsk_abd2/) });
    const none = await program.run(["show", "zzz", "--json"]);
    expect(none.code).toBe(1);
    expect(JSON.parse(none.stdout)).toMatchObject({ error: { code: "TASK_UNKNOWN", retryable: false, next: expect.any(String) } });
  });

  test("explain themselves", async () => {
    await using program = await octo(built);
    program.service.setTask(sampleTask({ id: taskId("1") }));
    program.service.script({ why_task: async () => ({ task: sampleTask(), lines: ["no instance offers the model\u0007"] }) });
    expect((await program.run(["why", "1"])).stdout).toBe("no instance offers the model\n");
  });

  test("show whether their branch was merged or dropped", async () => {
    await using program = await octo(built);
    const branch = { repository: "/repo", branch: "octo/1-fix", base: "a".repeat(40), commit: "b".repeat(40), files: ["a.txt"] };
    const merged = { into: "main\u0007", commit: "c".repeat(40) };
    const ends = {
      left: branch,
      merged: { ...branch, merged },
      dropped: { ...branch, dropped: true },
      both: { ...branch, merged, dropped: true },
    };
    const shown: Record<string, string> = {};
    for (const [name, end] of Object.entries(ends)) {
      program.service.setTask(sampleTask({ id: taskId(name), state: "succeeded", endedAtEpochMs: 1, branch: end }));
      shown[name] = (await program.run(["show", taskId(name)])).stdout;
    }
    expect(shown.left).not.toMatch(/merged|dropped/);
    expect(shown.merged).toContain("merged into main at cccccccccc\n");
    expect(shown.dropped).toMatch(/^dropped: the branch is gone$/m);
    expect(shown.both).toMatch(/^merged into main at cccccccccc\ndropped: the branch is gone$/m);
  });

  test("are cancelled all, also when one of them is not there", async () => {
    await using program = await octo(built);
    for (const id of ["1", "2"]) program.service.setTask(sampleTask({ id: taskId(id) }));
    program.service.script({ cancel_task: async ({ taskId: id }) => ({ task: sampleTask({ id, state: "cancelled" }) }) });
    const { code, stdout, stderr } = await program.run(["cancel", "tsk_1", "tsk_9", "tsk_2"]);
    expect(code).toBe(1);
    expect(stderr).toContain("TASK_UNKNOWN");
    expect(stdout).toMatch(/tsk_1 +cancelled[\s\S]*tsk_2 +cancelled/);
  });

  test("show what they said and what they changed, with nothing a terminal would obey", async () => {
    await using program = await octo(built);
    program.service.setTask(sampleTask({ id: taskId("1") }));
    program.service.script({
      task_transcript: async () => ({
        entries: [
          { role: "user", text: "hi" },
          { role: "assistant", text: "\u001b[2Jhello" },
        ],
      }),
      task_diff: async () => ({ diff: "diff --git a/x b/x\n-old\n+\u009b31mnew\n" }),
    });
    expect((await program.run(["logs", "tsk_1"])).stdout).toBe("user\nhi\n\nassistant\nhello\n");
    expect((await program.run(["diff", "tsk_1"])).stdout).toBe("diff --git a/x b/x\n-old\n+new\n");
    const { stdout } = await program.run(["diff", "tsk_1", "--json"]);
    expect(stdout).not.toContain("\u009b");
    expect(JSON.parse(stdout).diff).toContain("\u009b31mnew");
  });

  test("go on with a reply, which is followed to its end", async () => {
    await using program = await octo(built);
    program.service.setTask(sampleTask({ id: taskId("1"), state: "succeeded", endedAtEpochMs: 1 }));
    program.service.script({
      reply_task: async ({ prompt }) => {
        const task = sampleTask({ id: taskId("2"), prompt, replyTo: taskId("1") });
        program.service.setTask(task);
        return { task, notices: [] };
      },
    });
    const running = program.start(["reply", "tsk_1", "now", "the", "docs"]);
    await eventually(() => expect(program.service.listeners()).toBe(2), { timeoutMs: 15_000 });
    program.service.setTask(sampleTask({ id: taskId("2"), state: "succeeded", endedAtEpochMs: 2 }));
    expect((await running.ended).code).toBe(0);
    expect(program.service.received.find(({ method }) => method === "reply_task")?.params).toMatchObject({
      taskId: "tsk_1",
      prompt: "now the docs",
    });
  });
});

describe("asks", () => {
  test("are listed with what they want and how to answer", async () => {
    await using program = await octo(built);
    expect((await program.run(["asks"])).stdout).toBe("nothing waits for you\n");
    program.service.setAsks([samplePermission(), sampleQuestion()]);
    const { stdout } = await program.run(["asks"]);
    expect(stdout).toMatch(/per_0001[\s\S]*bash: npm test[\s\S]*octo allow per_0001/);
    expect(stdout).toMatch(/que_0001[\s\S]*1\. Blue: like the sky[\s\S]*octo answer que_0001/);
  });

  test.for([
    [["allow", "per"], { kind: "allow", scope: "once" }],
    [["allow", "per_0001", "--always"], { kind: "allow", scope: "always" }],
    [["deny", "per", "--message", "not now"], { kind: "deny", message: "not now" }],
    [["answer", "que", "blue"], { kind: "answers", answers: [["Blue"]] }],
    [["answer", "que", "2"], { kind: "answers", answers: [["Red"]] }],
  ] as const)("are answered by octo %s", async ([args, answer]) => {
    await using program = await octo(built);
    const asks = [samplePermission(), sampleQuestion()] as const;
    program.service.setAsks(asks);
    program.service.script({ answer_ask: async () => ({ ask: asks[0] }) });
    expect((await program.run(args)).code).toBe(0);
    expect(program.service.received.at(-1)?.params).toMatchObject({ answer });
  });

  test.for([
    [["answer", "que", "Green"], "Blue, Red"],
    [["answer", "que", "Blue", "Red"], "takes one answer, not 2"],
    [["answer", "per", "Blue"], "is a permission"],
    [["allow", "que"], "is a question"],
  ] as const)("refuse octo %s, saying what would do", async ([args, said]) => {
    await using program = await octo(built);
    program.service.setAsks([samplePermission(), sampleQuestion()]);
    const { code, stderr } = await program.run(args);
    expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining(said) });
    expect(program.service.received.map(({ method }) => method)).toEqual(["list_asks"]);
  });
});

describe("instances", () => {
  test("are listed, spawned and changed by name or id", async () => {
    await using program = await octo(built);
    const instance = sampleInstance({ labels: ["fast"] });
    program.service.setInstance(instance);
    program.service.setInstance(
      sampleInstance({ id: instanceId("2"), name: "local-2", state: "failed", error: { code: "PORT_TAKEN", message: "port 1" } }),
    );
    program.service.script({
      spawn_opencode_server: async () => ({ instances: [instance] }),
      drain_instance: async () => ({ instance: { ...instance, state: "draining" } }),
      instance_log: async ({ linesMax }) => ({ text: `last ${linesMax} lines` }),
    });
    expect((await program.run(["instances"])).stdout).toMatch(/local-1 +ready .* 1\/4 .*300 MiB .*fast[\s\S]*failed .*PORT_TAKEN: port 1/);
    expect((await program.run(["spawn", "--count", "2", "--slots", "8", "--label", "a", "--label", "b"])).code).toBe(0);
    expect(program.service.received.at(-1)?.params).toEqual({ count: 2, slots: 8, labels: ["a", "b"] });
    expect((await program.run(["drain", "local-1"])).stdout).toMatch(/draining/);
    expect(program.service.received.at(-1)?.params).toEqual({ instanceId: "ins_0001" });
    expect((await program.run(["logs", "local-1", "-n", "7"])).stdout).toBe("last 7 lines\n");
    expect(await program.run(["stop", "local-1", "local-9"])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("INSTANCE_UNKNOWN"),
    });
    expect(program.service.received.at(-1)?.method).toBe("list_opencode_servers");
  });
});

test("completion names every command in each shell", async () => {
  await using program = await octo(built, { serve: false });
  for (const shell of ["bash", "zsh", "fish"]) {
    expect((await program.run(["completion", shell])).stdout, shell).toMatch(/submit[\s\S]*doctor/);
  }
  expect((await program.run(["completion", "tcsh"])).code).toBe(2);
});
