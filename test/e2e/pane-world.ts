import { chmod, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { octoFolders } from "../../bridge/folders";
import { eventually } from "../helpers/eventually";
import { fakeOpenCode } from "../helpers/fake-opencode-source";
import type { OctoWorld } from "../helpers/octo-world";
import type { OpenCodeSource } from "../helpers/opencode-source";
import { type TmuxTerminal, tmuxTerminal } from "../helpers/tmux";

const script = join(import.meta.dirname, "../../bridge/panes/pane.sh");

/** Fake servers whose `attach` is a stand-in too: it says what it was given, and ends at Enter with the code typed before it. */
export async function fakeWithAttach(folder: string): Promise<OpenCodeSource> {
  const fake = await fakeOpenCode(folder);
  const program = join(folder, "opencode");
  const server = fake.command.map((word) => `'${word}'`).join(" ");
  await writeFile(
    program,
    `#!/bin/sh
if [ "$1" = attach ]; then
  clear
  for word; do echo "word <$word>"; done
  echo "password of $(printf %s "$OPENCODE_SERVER_PASSWORD" | wc -c) letters"
  echo "user $OPENCODE_SERVER_USERNAME, updates off: $OPENCODE_DISABLE_AUTOUPDATE"
  echo "FAKE TUI"
  read -r code
  exit "\${code:-0}"
fi
exec ${server} "$@"
`,
  );
  await chmod(program, 0o755);
  return { ...fake, command: [program] };
}

export interface PaneRequest {
  readonly target: string;
  readonly columns?: number;
  readonly rows?: number;
  readonly environment?: Readonly<Record<string, string>>;
  readonly options?: readonly string[];
  /** Default: the system's. */
  readonly shell?: readonly string[];
}

/** The thin pane program in a terminal, as the bridge starts it in a pane of WezTerm. */
export function openPane(
  world: OctoWorld,
  { target, environment = {}, options = [], shell = ["/bin/sh"], ...size }: PaneRequest,
): Promise<TmuxTerminal> {
  const { socketFile } = octoFolders(world.environment);
  return tmuxTerminal({
    folder: world.folder,
    command: [...shell, script, ...options, socketFile, target],
    environment: { ...world.environment, TERM: "xterm-256color", ...environment },
    ...size,
  });
}

/** A pane takes no keys in its first moments, so that one press may not do. */
export async function pressUntil(
  terminal: TmuxTerminal,
  key: string,
  pattern: RegExp | string,
  options: { readonly not?: boolean } = {},
): Promise<void> {
  await eventually(
    async () => {
      await terminal.press(key);
      await terminal.until(pattern, { timeoutMs: 1_000, ...options });
    },
    { timeoutMs: 15_000 },
  );
}
