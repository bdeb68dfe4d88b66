import { InvalidArgumentError } from "commander";
import { type PermissionRule, ruleActions } from "../../shared/ask";

const unitsMs = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/** `90s`, `30m`, `1h30m`, `500ms`, `2d` to milliseconds. A number without unit is refused: nobody agrees on what it means. */
export function durationMs(text: string): number {
  const pieces = [...text.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h|d)/g)];
  if (pieces.length === 0 || pieces.map(([piece]) => piece).join("") !== text) {
    throw new InvalidArgumentError("Give a time with its unit, like 90s, 30m or 1h30m.");
  }
  return Math.round(pieces.reduce((sum, [, number, unit]) => sum + Number(number) * unitMs(unit), 0));
}

function unitMs(unit: string | undefined): number {
  for (const [name, ms] of Object.entries(unitsMs)) if (name === unit) return ms;
  return Number.NaN;
}

/** A whole number from `min` to `max`. */
export function wholeNumber(min: number, max: number): (text: string) => number {
  return (text) => {
    const number = Number(text);
    if (!/^-?\d+$/.test(text) || number < min || number > max) {
      throw new InvalidArgumentError(`Give a whole number from ${min} to ${max}.`);
    }
    return number;
  };
}

export function positiveNumber(text: string): number {
  const number = Number(text);
  if (text.trim() === "" || !Number.isFinite(number) || number <= 0) throw new InvalidArgumentError("Give a number above 0.");
  return number;
}

/** `provider/model`; a model's own name may hold slashes. */
export function modelName(text: string): string {
  if (!/^[^\s/]+\/\S+$/.test(text)) throw new InvalidArgumentError("Give it as provider/model, one of `opencode models`.");
  return text;
}

/** For options that may be given several times. */
export function collect(value: string, previous: readonly string[] | undefined): readonly string[] {
  return [...(previous ?? []), value];
}

/** `PERMISSION[:PATTERN]=allow|ask|deny`; the pattern may hold `=` and `:` itself. */
export function collectPermission(text: string, previous: readonly PermissionRule[] | undefined): readonly PermissionRule[] {
  const parts = /^([^:=\s]+)(?::(.+))?=(allow|ask|deny)$/s.exec(text);
  const action = ruleActions.find((each) => each === parts?.[3]);
  if (!parts?.[1] || !action)
    throw new InvalidArgumentError("Give it as PERMISSION=ACTION or PERMISSION:PATTERN=ACTION, like 'bash:git *=allow'.");
  return [...(previous ?? []), { permission: parts[1], pattern: parts[2] ?? "*", action }];
}
