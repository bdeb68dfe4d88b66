/** What a call gave, or the first line of what it raised. */
export type Attempt<Value> = { readonly ok: true; readonly value: Value } | { readonly ok: false; readonly message: string };

/** WezTerm's functions raise userdata, Lua's text: both are told as text. Functions that yield may be called in it. */
export function attempt<Value>(run: () => Value): Attempt<Value> {
  const [ok, result] = pcall(run);
  return ok ? { ok: true, value: result } : { ok: false, message: firstLine(tostring(result)) };
}

function firstLine(text: string): string {
  const [line] = string.match(text, "^[^\n]*");
  return line ?? "";
}
