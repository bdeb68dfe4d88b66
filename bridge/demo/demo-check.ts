import type { TaskView } from "../../shared/task";
import { lineOf, type Topic } from "./demo-tasks";
import type { DemoWorld } from "./demo-world";

/** What is wrong with the work of a task: its file must hold the line once, on its branch, and nothing else may have changed. */
export async function faultOf(world: DemoWorld, topic: Topic, task: TaskView): Promise<string | undefined> {
  if (task.state !== "succeeded") return `${task.state}: ${task.error?.message ?? task.detail}`;
  if (!task.branch) return "has no branch";
  const { branch, base } = task.branch;
  const changed = await world.git("diff", "--name-only", `${base}..${branch}`);
  if (changed !== `${topic}.md`) return `changed ${changed.split("\n").join(", ") || "nothing"}`;
  const text = await world.git("show", `${branch}:${topic}.md`);
  const times = text.split("\n").filter((line) => line === lineOf(topic)).length;
  return times === 1 ? undefined : `wrote its line ${times} times`;
}

/** The repository the person works in stays as it was: on its branch, clean. */
export async function repositoryFault(world: DemoWorld): Promise<string | undefined> {
  const [branch, status] = [await world.git("branch", "--show-current"), await world.git("status", "--porcelain")];
  if (branch !== "main") return `the repository is on ${branch}`;
  return status === "" ? undefined : `the repository has changes: ${status}`;
}
