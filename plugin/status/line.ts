import * as wezterm from "wezterm";
import type { StatusSnapshot } from "../../shared/snapshot";
import { asciiSigns, type StatusPart, type Tone, unicodeSigns } from "../../shared/status-text";
import { attempt } from "../attempt";
import { short } from "../inert";
import { warnOnce } from "../log";
import type { CustomPart } from "../option-types";
import { setup } from "../setup";
import { type Link, link, notice, setNotice, version } from "../state";
import { parts } from "./parts";

const colours: Readonly<Record<Tone, string>> = { good: "Green", busy: "Aqua", calm: "Silver", warn: "Yellow", bad: "Red" };
const reasonColumnsMax = 60;
const customColumnsMax = 40;
/** A long poll is answered after 20 s at the latest; then the loop itself has stopped. */
const staleAfterS = 30;

interface Line {
  readonly version: number;
  readonly stale: boolean;
  readonly text: string;
}

let drawn: Line | undefined;

/** The whole line as WezTerm draws it; built anew only when something changed. No I/O. */
export function statusLine(): string {
  const nowS = os.time();
  const told = notice();
  if (told !== undefined && nowS >= told.untilS) setNotice(undefined);
  const known = link();
  const stale = known.kind === "up" && nowS - known.heardAtS > staleAfterS;
  if (drawn === undefined || drawn.version !== version() || drawn.stale !== stale) {
    drawn = { version: version(), stale, text: build(stale) };
  }
  return drawn.text;
}

function build(stale: boolean): string {
  const shown = [...linkParts(link(), stale), ...noticeParts()];
  if (!setup().options.colors) return ` ${shown.map(({ text }) => text).join("  ")} `;
  const items: wezterm.FormatItem[] = [{ Text: " " }];
  for (const { text, tone } of shown) items.push({ Foreground: { AnsiColor: colours[tone] } }, { Text: `${text} ` }, "ResetAttributes");
  return wezterm.format(items);
}

function linkParts(known: Link, stale: boolean): readonly StatusPart[] {
  switch (known.kind) {
    case "up":
      return stale ? faded(known.snapshot, "stale") : partsOf(known.snapshot);
    case "connecting":
      return known.snapshot === undefined ? [{ text: "octo: …", tone: "calm" }] : faded(known.snapshot, "stale");
    case "silent":
      return known.snapshot === undefined ? [{ text: "octo: no answer", tone: "bad" }] : faded(known.snapshot, "stale: no answer");
    case "down":
      return [{ text: `octo: ${short(known.reason, reasonColumnsMax)}`, tone: "bad" }];
    case "mismatch":
      return [{ text: known.older === "bridge" ? "octo: update the bridge" : "octo: update the plugin", tone: "bad" }];
    case "broken":
      return [{ text: `octo: ${short(known.reason, reasonColumnsMax)}`, tone: "bad" }];
  }
}

/** What was known last, without colours, and said to be old. */
function faded(snapshot: StatusSnapshot, why: string): readonly StatusPart[] {
  const shown: StatusPart[] = partsOf(snapshot).map(({ text }) => ({ text, tone: "calm" }));
  shown.push({ text: `(${why})`, tone: "warn" });
  return shown;
}

/** The chosen parts in their order. */
export function partsOf(snapshot: StatusSnapshot): readonly StatusPart[] {
  const shown: StatusPart[] = [];
  for (const chosen of setup().options.segments) {
    const part = typeof chosen === "string" ? builtInPart(chosen, snapshot) : customPart(chosen, snapshot);
    if (part !== undefined) shown.push(part);
  }
  if (snapshot.pause !== undefined) shown.push({ text: `paused: ${short(snapshot.pause, reasonColumnsMax)}`, tone: "warn" });
  if (snapshot.bridge.storeError !== undefined) shown.push({ text: "store refuses writes", tone: "bad" });
  return shown;
}

function builtInPart(name: string, snapshot: StatusSnapshot): StatusPart | undefined {
  const part = parts.find((each) => each.name === name);
  if (part === undefined) return undefined;
  const shown = attempt(() => part.show(snapshot, setup().options.ascii ? asciiSigns : unicodeSigns));
  if (!shown.ok) warnOnce(`the segment ${name} failed: ${shown.message}`);
  return shown.ok ? shown.value : undefined;
}

function customPart(show: CustomPart, snapshot: StatusSnapshot): StatusPart | undefined {
  const shown = attempt(() => show(snapshot));
  if (!shown.ok) {
    warnOnce(`a segment of the configuration failed and is left out: ${shown.message}`);
    return undefined;
  }
  return typeof shown.value === "string" && shown.value !== "" ? { text: short(shown.value, customColumnsMax), tone: "calm" } : undefined;
}

function noticeParts(): readonly StatusPart[] {
  const told = notice();
  return told === undefined ? [] : [{ text: short(told.text, reasonColumnsMax), tone: told.isError ? "bad" : "good" }];
}
