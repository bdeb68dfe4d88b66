import { z } from "zod";
import { paneViewKinds } from "../../shared/pane";

export const panesSection = z
  .strictObject({
    view: z
      .enum(paneViewKinds)
      .default("thin")
      .describe("What a pane shows first: `thin`, the bridge's own view (10 MB), or `tui`, OpenCode's TUI of the latest session (300 MB)."),
  })
  .prefault({});
