/** The local day of an instant, `2026-11-23`: in the time zone of the bridge's process, which is the user's. */
export function localDay(epochMs: number): string {
  const date = new Date(epochMs);
  return `${date.getFullYear()}-${twoDigits(date.getMonth() + 1)}-${twoDigits(date.getDate())}`;
}

/** From an instant to the next midnight; days of 23 or 25 hours are as long as they are. */
export function untilMidnightMs(epochMs: number): number {
  const date = new Date(epochMs);
  return new Date(date.getFullYear(), date.getMonth(), date.getDate() + 1).getTime() - epochMs;
}

function twoDigits(number: number): string {
  return String(number).padStart(2, "0");
}
