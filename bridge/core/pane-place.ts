/** What WezTerm tells about where panes are and where the keyboard is. */
export interface Surroundings {
  readonly panes: readonly { readonly paneId: number; readonly windowId: number; readonly workspace: string }[];
  readonly clients: readonly { readonly processId: number; readonly workspace: string; readonly focusedPaneId?: number | undefined }[];
}

export interface PlaceWish {
  readonly guiId: number;
  readonly windowId?: number | undefined;
  /** What the person sees in that window. */
  readonly shownPaneId?: number | undefined;
  /** The person wants to see the new pane. */
  readonly focus: boolean;
}

export interface PanePlacement {
  readonly place: { readonly windowId: number } | { readonly newWindowIn: string };
  /** Gets the view back once the new pane is open, since WezTerm shows every new tab (seen). */
  readonly showAgain?: number | undefined;
}

/** A workspace of its own: a window opened there changes nothing on the screen (seen). */
const hiddenWorkspace = "octo";

/**
 * The window asked for; else the one with the keyboard; else the first of the workspace that the GUI shows. Where there is none, a
 * window that is not in sight.
 */
export function placementOf({ panes, clients }: Surroundings, wish: PlaceWish): PanePlacement {
  const client = clients.find(({ processId }) => processId === wish.guiId);
  const focused = panes.find(({ paneId }) => paneId === client?.focusedPaneId);
  const shown = panes.find(({ paneId }) => paneId === wish.shownPaneId);
  const asked = panes.find(({ windowId }) => windowId === wish.windowId);
  const window = asked ?? shown ?? focused ?? panes.find(({ workspace }) => client === undefined || workspace === client.workspace);
  if (!window) return { place: { newWindowIn: wish.focus ? (client?.workspace ?? "default") : hiddenWorkspace } };
  const inSight = [focused, shown].find((pane) => pane?.windowId === window.windowId);
  return { place: { windowId: window.windowId }, showAgain: wish.focus ? undefined : inSight?.paneId };
}
