import { expect, test } from "vitest";
import { widthOf } from "../../bridge/paint/text";
import { tempFolder } from "../helpers/temp-folder";
import { hasTmux, tmuxTerminal } from "../helpers/tmux";

const texts = [
  ...["abc", "e\u0301", "漢字", "─…›▸▏", "カ\uff9e", "\u0915\u093e", "🇩🇪", "👩‍👩‍👧‍👦"],
  // More than two cells for what Unicode calls one character: a note with its tail, a dakuten after a wide kana.
  ...["\u{1d158}\u{1d165}\u{1d16e}", "\u304b\uff9e"],
];
const jamo = "\u1100\u1100\u1161";

test.skipIf(!(await hasTmux()))("takes a text for as wide as a real terminal does, odd jamo for no narrower", async () => {
  await using folder = await tempFolder("octo-cells");
  const command = [process.execPath, "--import", "tsx", "test/fixtures/cell-counter.ts", ...texts, jamo];
  await using terminal = await tmuxTerminal({ folder: folder.path, command, environment: { PATH: process.env.PATH ?? "" } });
  const cells =
    /cells ([\d ]+) end/
      .exec(await terminal.until(/cells [\d ]+ end/))?.[1]
      ?.split(" ")
      .map(Number) ?? [];
  expect(texts.map((text) => [text, widthOf(text)])).toEqual(texts.map((text, index) => [text, cells[index]]));
  expect(widthOf(jamo)).toBeGreaterThanOrEqual(cells.at(-1) ?? Number.NaN);
});
