import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";

/** What servers wrote themselves, and the key that the passwords come from: in octo's own folder, and for the person alone. */
export const ownFilesLeft = /(?:std(?:out|err)\.log(?:\.old)?|opencode\.db[^/]*|\/key)$/;

/** Every file below the folder with its path, but for those left out. */
export function filesIn(folder: string, left?: RegExp): string {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const paths = files.map((file) => join(file.parentPath, file.name)).filter((path) => left?.test(path) !== true);
  return paths.map((path) => `${path}\n${readFileSync(path, "latin1")}`).join("\n");
}

/** None of the secrets (by name) is in any of the texts (by place). */
export function expectNone(places: ReadonlyMap<string, string>, secrets: ReadonlyMap<string, string>): void {
  const leaks = [...places].flatMap(([place, text]) =>
    [...secrets].flatMap(([name, value]) => {
      const at = text.indexOf(value);
      return at === -1 ? [] : [`${name} in ${place}: …${text.slice(Math.max(0, at - 150), at + 60)}…`];
    }),
  );
  expect(leaks).toEqual([]);
  for (const place of ["bridge log", "files of octo", "octo doctor", "octo config show --json"]) {
    expect(places.get(place)?.length, place).toBeGreaterThan(100);
  }
}
