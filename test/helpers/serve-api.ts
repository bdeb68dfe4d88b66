import { type Api, type ApiOptions, startApi } from "../../bridge/api/api";
import { openDoor } from "../../bridge/api/door";
import { protocolVersion } from "../../shared/protocol";

export interface ServeOptions extends Omit<ApiOptions, "door"> {
  /** In a folder that only the user can enter. */
  readonly socketPath: string;
}

/** An API behind a door of its own, open at once. The errors of `openDoor`. */
export async function serveApi({ socketPath, ...options }: ServeOptions): Promise<Api> {
  const hello = () => ({ protocol: protocolVersion, bridge: options.service.bridgeView() });
  return startApi({ ...options, door: await openDoor({ socketPath, hello }) });
}
