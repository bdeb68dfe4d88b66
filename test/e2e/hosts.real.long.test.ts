import { expect, test } from "vitest";
import { realOpenCode } from "../helpers/real-opencode-source";
import { sshdMissing } from "../helpers/sshd";
import { addHost, hostId, loopbackWorld } from "./host-world";
import { expectOneTurn, newMark, submit } from "./tasks";

test.skipIf(sshdMissing)(
  "the real OpenCode works on a host: three tasks, three branches at home, one server",
  { timeout: 240_000 },
  async () => {
    await using world = await loopbackWorld({ openCode: realOpenCode });
    const { octo } = world;
    const remote = await addHost(world, "alpha");
    const marks = [newMark(), newMark(), newMark()];
    const filter = { hosts: [hostId("alpha")] };
    const tasks = await Promise.all(
      marks.map((mark, index) => submit(octo, `[[task:${mark}]] [[bash:echo ${index} > file-${index}.txt]]`, { filter })),
    );
    for (const [index, task] of tasks.entries()) {
      const { branch, instanceId } = await expectOneTurn(octo, task, marks[index] ?? "");
      expect(instanceId).toBe(remote.id);
      expect(branch?.files).toEqual([`file-${index}.txt`]);
      expect(await octo.git("show", `${branch?.branch}:file-${index}.txt`)).toBe(String(index));
    }
    const { checks } = await octo.client.call("check_host", { name: hostId("alpha") }, { timeoutMs: 120_000 });
    expect(checks.filter(({ outcome }) => outcome === "fail")).toEqual([]);
    expect(checks.find(({ step }) => step === "opencode")?.message).toMatch(/^1\.18\./);
  },
);
