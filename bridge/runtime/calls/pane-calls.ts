import { OctoError } from "../../octo-error";
import type { BridgeCalls } from "../service";

type PaneCalls = Pick<BridgeCalls, "register_gui" | "open_pane" | "open_panes" | "close_pane" | "pane_views">;

export function paneCalls(): PaneCalls {
  const notYet = async (): Promise<never> => {
    throw new OctoError("METHOD_NOT_YET", "panes of WezTerm are under way");
  };
  return { register_gui: notYet, open_pane: notYet, open_panes: notYet, close_pane: notYet, pane_views: notYet };
}
