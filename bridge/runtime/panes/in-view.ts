import type { PaneTarget } from "../../core/panes";
import type { PaneKeeper } from "./pane-keeper";

/** Whether a GUI with the keyboard shows the instance's pane. Raises nothing; a GUI that does not answer shows nothing. */
export async function isPaneInView(
  keeper: PaneKeeper,
  instanceOf: (target: PaneTarget) => string | undefined,
  instanceId: string,
): Promise<boolean> {
  const looks = keeper.book.guis.map(async ({ guiId, panes }) => {
    const own = panes.filter(({ target }) => instanceOf(target) === instanceId).map(({ paneId }) => paneId);
    if (own.length === 0) return false;
    const clients = await keeper.inTurn(guiId, (terminal) => terminal.clients()).catch(() => []);
    return clients.some(
      ({ processId, focusedPaneId }) => processId === guiId && focusedPaneId !== undefined && own.includes(focusedPaneId),
    );
  });
  return (await Promise.all(looks)).includes(true);
}
