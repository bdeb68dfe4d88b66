import * as wezterm from "wezterm";
import { attempt } from "../attempt";

// The editor's pane and a child of this GUI meet at a FIFO, which either may make first: the child's output ends when the pane's
// program does, however that happens, so nobody has to look again and again.

/**
 * The editor on the draft: the option, $VISUAL, $EDITOR, those of the login shell (a GUI knows neither; asked as in login-path.ts), or vi.
 * Tells "saved" when it ended well and wrote the draft. $1 draft, $2 editor.
 */
const editorScript = `
draft=$1 editor=$2
mkfifo -m 600 "$draft.end" 2>/dev/null || [ -p "$draft.end" ] || exit 1
exec 3>"$draft.end"
: >"$draft.open"
[ -n "$editor" ] || editor=\${VISUAL:-\${EDITOR:-}}
[ -n "$editor" ] || {
  "\${SHELL:-/bin/sh}" -lc '/usr/bin/env | grep -e "^VISUAL=" -e "^EDITOR="' >"$draft.shell" 2>/dev/null </dev/null 3>&- &
  shell=$!
  (
    trap 'kill $!; exit' TERM
    sleep 5 &
    wait
    kill -9 $shell
  ) >/dev/null 2>&1 </dev/null 3>&- &
  watch=$!
  wait $shell
  kill $watch 2>/dev/null
  editor=$(sed -n 's/^VISUAL=\\(..*\\)/\\1/p' "$draft.shell" | sed -n 1p)
  [ -n "$editor" ] || editor=$(sed -n 's/^EDITOR=//p' "$draft.shell" | sed -n 1p)
  rm -f "$draft.shell"
}
before=$(cksum <"$draft")
sh -c "\${editor:-vi} \\"\\$1\\"" sh "$draft" 3>&- || exit 1
if [ "$before" != "$(cksum <"$draft")" ] || [ -n "$(find "$draft" -newer "$draft.open")" ]; then echo saved >&3; fi
`;

/** Ends when the pane's program does, or after 20 s when it never began. $1 draft. */
const waitScript = `
mkfifo -m 600 "$1.end" 2>/dev/null || [ -p "$1.end" ] || exit 1
cat "$1.end" &
reader=$!
(
  trap 'kill $!; exit' TERM
  sleep 20 &
  wait
  [ -e "$1.open" ] || kill "$reader"
) >/dev/null 2>&1 &
watch=$!
wait "$reader"
kill "$watch" 2>/dev/null
rm -f "$1.end" "$1.open"
`;

export function composePane(draft: string, editor: string | undefined): string[] {
  return ["/bin/sh", "-c", editorScript, "octo-compose", draft, editor ?? ""];
}

/** Waits for the end of the editor. Yields. True when it saved the draft. */
export function waitForEditor(draft: string): boolean {
  const waited = attempt(() => {
    const [, output] = wezterm.run_child_process(["/bin/sh", "-c", waitScript, "octo-wait", draft]);
    return output;
  });
  return waited.ok && string.find(waited.value, "saved", 1, true)[0] !== undefined;
}
