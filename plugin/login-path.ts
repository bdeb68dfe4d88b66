import * as wezterm from "wezterm";
import { attempt } from "./attempt";
import { environmentVariable } from "./environment";

/**
 * `env` prints the PATH the same way under every shell, fish included. Through a file: a profile may leave programs behind that hold
 * the output open, and WezTerm waits for its end. A shell that hangs is ended after 5 s. $1 shell.
 */
const script = `
umask 077
out=$(mktemp) || exit 1
"$1" -lc '/usr/bin/env | grep ^PATH=' >"$out" 2>/dev/null </dev/null &
shell=$!
(
  trap 'kill $!; exit' TERM
  sleep 5 &
  wait
  kill -9 $shell
) >/dev/null 2>&1 </dev/null &
watch=$!
wait $shell
kill $watch 2>/dev/null
sed -n 's/^PATH=//p' "$out"
rm -f "$out"
`;

/** The PATH of the user's login shell. Yields, 5 s at most. */
export function readLoginPath(): string | undefined {
  const shell = environmentVariable("SHELL") ?? "/bin/sh";
  const run = attempt(() => {
    const [, output] = wezterm.run_child_process(["/bin/sh", "-c", script, "octo-path", shell]);
    return output;
  });
  if (!run.ok) return undefined;
  const [path] = string.match(run.value, "^[^\n]+");
  return path;
}
