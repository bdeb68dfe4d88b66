import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { createInterface } from "node:readline";
import { eventually } from "../helpers/eventually";
import {
  logSchema,
  lookSchema,
  messageSchema,
  type Overlay,
  overlaySchema,
  paletteSchema,
  programSchema,
  replySchema,
  type Started,
  statusSchema,
  timerSchema,
  titleSchema,
  toastSchema,
} from "./wezterm-messages";
import { sourceOf, type WezTermOptions } from "./wezterm-options";

const root = join(import.meta.dirname, "../..");
const host = join(import.meta.dirname, "stand-in");
export const bundleFile = join(root, "plugin/init.lua");

/** `lua5.4` of the system (apt-get install lua5.4), or undefined. */
export const lua: string | undefined = ["lua5.4", "lua54"]
  .flatMap((name) => (process.env.PATH ?? "").split(delimiter).map((folder) => join(folder, name)))
  .find((path) => existsSync(path));

export const skipReason = "lua5.4 is missing: the plugin's tests are skipped (apt-get install lua5.4)";

/** A stand-in for the GUI: real Lua 5.4 that runs the committed bundle, with WezTerm's rules as the facts tell them. */
export class WezTerm implements AsyncDisposable {
  readonly #child: ChildProcess;
  readonly #environment: Readonly<Record<string, string>>;
  readonly #children = new Map<ChildProcess, readonly string[]>();
  readonly #replies = new Map<number, (reply: { readonly ok: boolean; readonly value?: unknown; readonly error?: unknown }) => void>();
  #lastId = 0;
  /** Lines of the log so far, with their level. */
  readonly log: string[] = [];
  readonly toasts: { readonly title: string; readonly message: string }[] = [];
  /** What tabs were called, oldest first. */
  readonly titles: string[] = [];
  /** Every program that the plugin started, oldest first. */
  readonly started: Started[] = [];
  /** Forms that were shown, oldest first. */
  readonly overlays: Overlay[] = [];
  /** Every status that was set and differed from the one before, and when (ms). */
  readonly statuses: { readonly text: string; readonly atMs: number; readonly side: string; readonly window: number }[] = [];
  stderr = "";
  /** Settles with the exit code. */
  readonly ended: Promise<number | null>;

  private constructor(environment: Readonly<Record<string, string>>) {
    this.#environment = environment;
    this.#child = spawn(lua ?? "lua5.4", [join(host, "main.lua"), host], { stdio: ["pipe", "pipe", "pipe"], env: {} });
    this.ended = once(this.#child, "close").then(() => this.#child.exitCode);
    this.#child.stderr?.on("data", (chunk: Buffer) => {
      this.stderr += chunk.toString();
    });
    // It may be killed while a timer of its own still runs.
    this.#child.stdin?.on("error", () => undefined);
    if (this.#child.stdout) createInterface({ input: this.#child.stdout }).on("line", (line) => this.#receive(line));
  }

  static async start(options: WezTermOptions): Promise<WezTerm> {
    const wezterm = new WezTerm(options.environment);
    await wezterm.#begin(options);
    return wezterm;
  }

  async #begin(options: WezTermOptions): Promise<void> {
    const started = this.do("start", {
      source: sourceOf(options),
      cwd: options.cwd,
      windows: options.windows ?? 1,
      settings: {
        environment: options.environment,
        bundle: options.bundle ?? readFileSync(bundleFile, "utf8"),
        bundleFile,
        isGui: options.isGui ?? true,
        pid: options.pid ?? this.#child.pid,
        defaultKeys: options.defaultKeys ?? [],
        sshHosts: options.sshHosts ?? [],
        isOld: options.isOld ?? false,
        executableFolder: options.executableFolder ?? "/usr/bin",
      },
    });
    try {
      await started;
    } catch (thrown) {
      await this[Symbol.asyncDispose]();
      throw thrown;
    }
  }

  /** One operation of stand-in/main.lua. */
  do(op: string, fields: object = {}): Promise<unknown> {
    this.#lastId += 1;
    const id = this.#lastId;
    return new Promise((resolve, reject) => {
      this.#replies.set(id, (reply) => (reply.ok ? resolve(reply.value) : reject(new Error(String(reply.error)))));
      this.#write({ op, id, ...fields });
    });
  }

  /** The command lines of what the plugin started and has not ended. */
  runningPrograms(): readonly (readonly string[])[] {
    return [...this.#children.values()];
  }

  async look() {
    return lookSchema.parse(await this.do("look"));
  }

  /** The right status of the first window, without its colours. */
  get right(): string {
    return plain(this.statuses.filter(({ side }) => side === "right").at(-1)?.text ?? "");
  }

  async window(): Promise<number> {
    return (await this.look()).windows[0]?.id ?? 0;
  }

  /** CTRL|SHIFT+O and the key of the table. */
  async key(key: string, mods = "NONE"): Promise<void> {
    const window = await this.window();
    await this.do("press", { window, key: "o", mods: "CTRL|SHIFT" });
    await this.do("press", { window, key, mods });
  }

  async palette() {
    return paletteSchema.parse(await this.do("palette", { window: await this.window() }));
  }

  /** The form that comes after those that were there: waits for it. */
  async nextOverlay(known: number): Promise<Overlay> {
    return eventually(
      () => {
        const overlay = this.overlays[known];
        if (!overlay) throw new Error(`no form was shown; the log: ${this.log.join("\n")} ${this.stderr}`);
        return overlay;
      },
      { timeoutMs: 10_000, intervalMs: 2 },
    );
  }

  async answerLine(text: string | undefined): Promise<void> {
    await this.do("line", { window: await this.window(), text });
  }

  /** Chooses the entry whose label holds `text`; undefined: Escape. */
  async choose(overlay: Overlay | undefined, text: string | undefined): Promise<void> {
    const choice = overlay?.args.choices?.find(({ label }) => text !== undefined && label.includes(text));
    if (text !== undefined && !choice) throw new Error(`no choice ${text} in ${JSON.stringify(overlay?.args.choices)}`);
    await this.do("choose", { window: await this.window(), choice: choice?.id });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const child of this.#children.keys()) child.kill("SIGKILL");
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    this.#child.kill("SIGKILL");
    await this.ended;
  }

  #receive(line: string): void {
    const message: unknown = JSON.parse(line);
    const { event, job } = messageSchema.parse(message);
    switch (event) {
      case "reply":
        return this.#reply(message);
      case "log": {
        const { level, text } = logSchema.parse(message);
        return void this.log.push(`${level}: ${text}`);
      }
      case "status":
        return void this.statuses.push({ ...statusSchema.parse(message), atMs: performance.now() });
      case "toast":
        return void this.toasts.push(toastSchema.parse(message));
      case "title":
        return void this.titles.push(titleSchema.parse(message).title);
      case "overlay":
        return void this.overlays.push(overlaySchema.parse(message));
      case "timer":
        return void setTimeout(() => this.#done(job, true), timerSchema.parse(message).ms).unref();
      default:
        return this.#run(message, job);
    }
  }

  #reply(message: unknown): void {
    const reply = replySchema.parse(message);
    this.#replies.get(reply.id)?.(reply);
    this.#replies.delete(reply.id);
  }

  /** Really runs what the plugin starts, as `run_child_process` does: stdin closed, until both outputs end. */
  #run(message: unknown, job: number | undefined): void {
    const { args, kind, cwd, pane } = programSchema.parse(message);
    const command = kind === "glob" ? ["/bin/sh", "-c", `for f in ${args[0] ?? ""}; do [ -e "$f" ] && echo "$f"; done`] : args;
    if (kind !== "glob") this.started.push({ kind, args });
    const env = { ...this.#environment, ...(pane === undefined ? {} : { WEZTERM_PANE: String(pane) }) };
    const child = spawn(command[0] ?? "", command.slice(1), {
      stdio: ["ignore", "pipe", "pipe"],
      env,
      ...(cwd === undefined ? {} : { cwd }),
    });
    this.#children.set(child, command);
    let [output, errors] = ["", ""];
    child.stdout.on("data", (chunk: Buffer) => {
      output += chunk.toString();
    });
    child.stderr.on("data", (chunk: Buffer) => {
      errors += chunk.toString();
    });
    child.once("error", (error: NodeJS.ErrnoException) => {
      this.#children.delete(child);
      this.#done(job, false, error.code === "ENOENT" ? "No such file or directory (os error 2)" : String(error.code));
    });
    child.once("close", (code) => {
      this.#children.delete(child);
      if (child.pid !== undefined) this.#done(job, true, code === 0, output, errors);
    });
  }

  #done(job: number | undefined, ok: boolean, ...results: readonly unknown[]): void {
    if (this.#child.stdin?.writable) this.#write({ op: "done", job, ok, results });
  }

  #write(message: object): void {
    this.#child.stdin?.write(`${JSON.stringify(message)}\n`);
  }
}

/** Without escape sequences. */
export function plain(text: string): string {
  return text.replaceAll(new RegExp(`${String.fromCharCode(27)}\\[[0-9;]*m`, "g"), "").trim();
}
