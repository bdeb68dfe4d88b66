/** Cells of a card; wider ones where the screen is not filled. */
const cardWidthMin = 40;

/** Cards side by side. */
export function cardsAcross(columns: number): number {
  return Math.max(1, Math.floor(columns / cardWidthMin));
}

/** Lines of each part of the screen, from the top. */
export interface Layout {
  readonly asks: number;
  readonly cards: number;
  readonly tasks: number;
  readonly preview: number;
}

export interface Wanted {
  readonly asks: number;
  readonly cards: number;
  readonly tasks: number;
  /** Of the selected ask, which is to be read before it is answered; 0 where none is. */
  readonly ask: number;
}

const previewRowsMin = 4;

/** Shares `rows` lines: asks a quarter at most, cards a third, what the selected says the more the fewer tasks there are. */
export function layoutOf(rows: number, wanted: Wanted): Layout {
  const asks = Math.min(wanted.asks, Math.max(1, Math.floor(rows / 4)));
  const cards = Math.min(wanted.cards, Math.max(2, Math.floor(rows / 3)), Math.max(0, rows - asks - 2));
  const rest = Math.max(0, rows - asks - cards);
  // With its line above.
  const least =
    wanted.ask > 0 ? Math.min(wanted.ask + 1, Math.floor(rest * 0.7)) : rest < 8 ? 0 : Math.max(previewRowsMin, Math.floor(rest / 3));
  const tasks = Math.min(wanted.tasks, rest - least);
  return { asks, cards, tasks, preview: rest - tasks };
}
