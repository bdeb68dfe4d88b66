import { type Line, span } from "../paint/line";
import { wrap } from "../paint/text";
import { bindings, type Place, placeNames } from "./key-map";

const places: readonly Place[] = ["anything", "ask", "task", "instance"];
const keyColumns = 14;

/** The whole key map. */
export function helpLines(columns: number): readonly Line[] {
  return places.flatMap((place): readonly Line[] => [
    [span(place === "anything" ? "everywhere" : placeNames[place], "bold")],
    ...bindings
      .filter((binding) => binding.place === place)
      .flatMap(({ shown, what }) =>
        wrap(what, Math.max(10, columns - keyColumns)).map(
          (line, index): Line => [span(`  ${index === 0 ? shown : ""}`.padEnd(keyColumns), "cyan"), span(line)],
        ),
      ),
    ...(place === "ask"
      ? [[span("  1-9".padEnd(keyColumns), "cyan"), span("answer a question; ⏎ sends where several may be chosen")]]
      : []),
    [],
  ]);
}
