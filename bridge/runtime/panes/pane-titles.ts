import { guiOf, type OpenPane, type PaneTarget, titleStep, withTitle } from "../../core/panes";
import type { Clock } from "../../ports/clock";
import type { PaneKeeper } from "./pane-keeper";

export interface PaneTitlesParts {
  readonly keeper: PaneKeeper;
  readonly clock: Pick<Clock, "after">;
  readonly titleOf: (target: PaneTarget) => string | undefined;
  readonly log: (message: string, details: Record<string, unknown>) => void;
}

/** Changes within this time become one title: `wezterm cli` costs two processes each. */
const settleMs = 500;

/** Keeps the names of tabs true. */
export interface PaneTitles {
  /** Instances or tasks changed. */
  note(): void;
  stop(): void;
}

export function keepTitles({ keeper, clock, titleOf, log }: PaneTitlesParts): PaneTitles {
  let cancel: (() => void) | undefined;
  let again = false;
  let stopped = false;

  const isStale = ({ target, title }: OpenPane): boolean => title !== undefined && title !== (titleOf(target) ?? title);

  async function retitle(guiId: number): Promise<void> {
    if (!guiOf(keeper.book, guiId)?.panes.some(isStale)) return;
    await keeper.inTurn(guiId, async (terminal) => {
      const listed = await keeper.list(guiId, terminal);
      for (const pane of guiOf(keeper.book, guiId)?.panes.filter(isStale) ?? []) {
        const wanted = titleOf(pane.target);
        const tab = listed.find(({ paneId }) => paneId === pane.paneId);
        if (wanted === undefined || !tab) continue;
        const step = titleStep(pane, tab.tabTitle, wanted);
        if (step === "set") await terminal.setTabTitle(pane.paneId, wanted);
        keeper.retitle(withTitle(keeper.book, guiId, pane.paneId, step === "theirs" ? undefined : wanted));
      }
    });
  }

  async function retitleAll(): Promise<void> {
    for (const { guiId } of keeper.book.guis) {
      await retitle(guiId).catch((thrown: unknown) => log("titles of panes not set", { guiId, reason: String(thrown) }));
    }
    cancel = undefined;
    if (again) note();
  }

  function note(): void {
    again = cancel !== undefined;
    if (stopped || again || !keeper.book.guis.some(({ panes }) => panes.some(isStale))) return;
    cancel = clock.after(settleMs, () => void retitleAll());
  }

  return {
    note,
    stop() {
      stopped = true;
      cancel?.();
    },
  };
}
