import type { Readable, Writable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { OctoError } from "../../octo-error";
import { answerLines } from "./answer";
import type { HomeGit } from "./home-git";
import type { RemoteHost } from "./remote-host";
import { callOf } from "./remote-program";

/** A transfer that brings nothing for this long is over; a large first one may take its time. */
const silenceMaxMs = 60_000;
const transferDeadlineMs = 30 * 60_000;

/** One repository at home and its counterpart on a host. */
export interface RepositoryPair {
  readonly host: RemoteHost;
  readonly git: HomeGit;
  readonly root: string;
  /** Names the clone of octo's own. */
  readonly key: string;
  /** The user's own clone on the host, or "". */
  readonly mapped: string;
}

/**
 * Brings a commit to the host: as in a bundle, but without its header, so that the commit needs no name at home (`--with-changes` makes one
 * that no branch holds). `haves` are commits that both sides have.
 */
export async function sendCommit(pair: RepositoryPair, slot: string, commit: string, haves: readonly string[]): Promise<void> {
  const { host, git, root } = pair;
  await streamed(host, "home", callOf("octo_receive", pair.key, pair.mapped, slot, commit), async (child) => {
    const pack = git.start(root, ["pack-objects", "--revs", "--stdout", "--thin", "--delta-base-offset", "-q"]);
    try {
      pack.stdin.end([commit, ...haves.map((have) => `^${have}`)].map((line) => `${line}\n`).join(""));
      await transfer(pack.stdout, child.stdin);
      await pack.ended;
      return await text(child.stdout);
    } finally {
      pack.kill();
    }
  });
}

/** Brings a commit home. Nothing of the repository but its objects changes. */
export async function fetchCommit(pair: RepositoryPair, commit: string, haves: readonly string[]): Promise<void> {
  const { host, git, root } = pair;
  await streamed(host, "host", callOf("octo_send", pair.key, pair.mapped, commit, ...haves), async (child) => {
    const index = git.start(root, ["index-pack", "--stdin", "--fix-thin"]);
    try {
      index.stdout.resume();
      child.stdin.end();
      // git ends with the pack's last byte, before the stream does: then its word counts.
      const broken = await transfer(child.stdout, index.stdin).catch((thrown: unknown) => ({ thrown }));
      child.stdout.resume();
      await index.ended.catch((thrown: unknown) => Promise.reject(broken?.thrown ?? thrown));
      return "";
    } finally {
      index.kill();
    }
  });
}

type Child = Awaited<ReturnType<RemoteHost["shells"]["stream"]>>["child"];

/**
 * Runs a script that has the session's stdin and stdout; `use` gives what it said on stdout. Where the transfer fails at both ends, the
 * end that the bytes come `from` says why.
 */
async function streamed(host: RemoteHost, from: "home" | "host", call: string, use: (child: Child) => Promise<string>): Promise<void> {
  const stream = await host.shells.stream(host.withRoot(call));
  const used = use(stream.child).then(
    (stdout) => ({ stdout, thrown: undefined }),
    (thrown: unknown) => ({ stdout: "", thrown }),
  );
  // A failure here ends what waits there.
  void used.then(({ thrown }) => thrown !== undefined && stream.child.stdin.destroy());
  const deadline = setTimeout(stream.release, transferDeadlineMs);
  try {
    const ended = await stream.ended;
    const { stdout, thrown } = await used;
    const saysWhy = from === "home" && thrown instanceof OctoError && thrown.code === "WORKTREE_FAILED";
    if (thrown !== undefined && (saysWhy || ended.code === 0)) throw thrown;
    answerLines({ ...ended, stdout }, host.name);
  } finally {
    clearTimeout(deadline);
    stream.release();
  }
}

async function transfer(from: Readable, to: Writable): Promise<void> {
  const silence = new AbortController();
  const late = (): void => silence.abort(new OctoError("HOST_COMMAND_TIMEOUT", `no byte came through for ${silenceMaxMs} ms`));
  let timer = setTimeout(late, silenceMaxMs);
  from.on("data", () => {
    clearTimeout(timer);
    timer = setTimeout(late, silenceMaxMs);
  });
  try {
    await pipeline(from, to, { signal: silence.signal });
  } catch (thrown) {
    throw silence.signal.aborted ? silence.signal.reason : new OctoError("HOST_LINK_LOST", "the transfer broke off", { cause: thrown });
  } finally {
    clearTimeout(timer);
  }
}

async function text(stream: Readable): Promise<string> {
  let all = "";
  for await (const chunk of stream) all = (all + String(chunk)).slice(-4_096);
  return all;
}
