// Time of prepare and finish for 8 slots of one repository: fresh worktrees, then the same worktrees again.
// Run: npx tsx test/bench/worktree-pool.bench.ts [files in the repository, 1000 when absent]
import { mkdir, mkdtemp, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { createWorkspaces } from "../../bridge/adapters/git/create-workspaces";
import { instanceId, taskId } from "../adapters/git/test-repository";

const slots = 8;
const rounds = 5;
const fileCount = Number(process.argv[2] ?? 1_000);

const folder = await realpath(await mkdtemp(join(tmpdir(), "octo-bench-")));
try {
  const repository = join(folder, "project");
  const base = await createRepository(repository);
  const workspaces = createWorkspaces({ worktreesFolder: join(folder, "worktrees") });

  const task = async (round: number, slot: number) => {
    const id = taskId(`${round}-${slot}`);
    const branch = `octo/${id}-bench`;
    const startMs = performance.now();
    const workspace = await workspaces.prepare({ taskId: id, instanceId: instanceId("bench"), slot, repository, prefix: "", branch, base });
    const preparedMs = performance.now();
    await writeFile(join(workspace.directory, `new-${round}.txt`), "new\n");
    const writtenMs = performance.now();
    await workspaces.finish({ taskId: id, attempt: 1, workspace, subject: "Bench" });
    return { prepareMs: preparedMs - startMs, finishMs: performance.now() - writtenMs };
  };

  const inTurn = async (round: number) => {
    const times: { prepareMs: number; finishMs: number }[] = [];
    for (let slot = 0; slot < slots; slot++) times.push(await task(round, slot));
    return times;
  };
  const atOnce = (round: number) => Promise.all(Array.from({ length: slots }, (_, slot) => task(round, slot)));

  console.log(`${slots} slots, ${fileCount} files; least and median in ms`);
  print("fresh, in turn", await inTurn(0));
  const reused = [];
  for (let round = 1; round <= rounds; round++) reused.push(...(await inTurn(round)));
  print("reused, in turn", reused);
  const together = [];
  for (let round = rounds + 1; round <= 2 * rounds; round++) together.push(...(await atOnce(round)));
  print("reused, at once", together);
  await workspaces.removePool(instanceId("bench"));
  print("fresh, at once", await atOnce(2 * rounds + 1));
} finally {
  await rm(folder, { recursive: true, force: true });
}

function print(name: string, times: readonly { readonly prepareMs: number; readonly finishMs: number }[]): void {
  const figures = (values: readonly number[]) => {
    const sorted = [...values].sort((a, b) => a - b);
    return [sorted[0], sorted[Math.floor(sorted.length / 2)]].map((value) => (value ?? 0).toFixed(1).padStart(8)).join("");
  };
  const [prepare, finish] = [times.map((time) => time.prepareMs), times.map((time) => time.finishMs)];
  console.log(`${name.padEnd(16)} prepare ${figures(prepare)}   finish ${figures(finish)}`);
}

async function createRepository(root: string): Promise<string> {
  for (let index = 0; index < fileCount; index++) {
    const parent = join(root, `folder-${index % 50}`);
    if (index < 50) await mkdir(parent, { recursive: true });
    await writeFile(join(parent, `file-${index}.txt`), `${index}\n`.repeat(50));
  }
  const git = (...args: string[]) => execa("git", ["-C", root, ...args]);
  await git("init", "--quiet");
  await git("add", "--all");
  await git("-c", "user.name=octo", "-c", "user.email=octo@localhost", "commit", "--quiet", "--no-gpg-sign", "-m", "base");
  return (await git("rev-parse", "HEAD")).stdout;
}
