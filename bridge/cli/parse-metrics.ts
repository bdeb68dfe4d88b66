export interface Sample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  /** Null for what JSON has no number for. */
  readonly value: number | null;
}

/** The samples of the bridge's own metrics text; lines that are none are left out. */
export function parseMetrics(text: string): readonly Sample[] {
  return text.split("\n").flatMap((line) => {
    const [, name, labels = "", value] = /^([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{(.*)\})? (\S+)$/.exec(line) ?? [];
    if (name === undefined || value === undefined) return [];
    const number = Number(value);
    return [{ name, labels: labelsOf(labels), value: Number.isFinite(number) ? number : null }];
  });
}

function labelsOf(text: string): Readonly<Record<string, string>> {
  const pairs = [...text.matchAll(/([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\]|\\.)*)"/g)];
  return Object.fromEntries(pairs.map(([, name = "", value = ""]) => [name, value.replace(/\\(.)/g, unescaped)]));
}

function unescaped(_: string, character: string): string {
  return character === "n" ? "\n" : character;
}
