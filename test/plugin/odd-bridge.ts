import { mkdir, rm } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import { join } from "node:path";
import { tempFolder } from "../helpers/temp-folder";
import { WezTerm } from "./wezterm";

export const counts = { instances: 1, instancesReady: 1, queued: 0, running: 0, waiting: 0, succeeded: 0, failed: 0, costToday: 0 };
export const snapshot = {
  protocol: 1,
  revision: 7,
  bridge: { version: "0.1.0", pid: 1, startedAtEpochMs: 1 },
  counts,
  troubled: [],
  asks: [],
  ends: [],
};

/** Something that answers every poll with `answer()`. */
export async function oddBridge(answer: () => string, options: { readonly lua?: string; readonly runtime?: string } = {}) {
  const folder = await tempFolder("octo-o");
  const runtime = join(folder.path, options.runtime ?? "");
  await mkdir(join(runtime, "octo"), { recursive: true, mode: 0o700 });
  const socket = join(runtime, "octo/bridge.sock");
  let server: Server | undefined;
  if (socket.length < 100) {
    server = createServer((request, response) => {
      request.resume();
      response.writeHead(200, { "content-type": "application/json", connection: "close" });
      // A steady bridge waits; this one does so only when it is asked about what it has.
      if (request.url?.includes("since=7")) setTimeout(() => response.end(answer()), 300);
      else
        response.end(
          request.url?.includes("/poll") ? answer() : '{"ok":false,"error":{"code":"METHOD_UNKNOWN","message":"no","next":"no"}}',
        );
    });
    await new Promise<void>((resolve) => server?.listen(socket, resolve));
  }
  const environment = { HOME: folder.path, XDG_RUNTIME_DIR: runtime, PATH: process.env.PATH ?? "", WEZTERM_UNIX_SOCKET: "/nowhere" };
  const open = () => WezTerm.start({ environment, options: options.lua ?? "{ start = false }" });
  return {
    folder: folder.path,
    socket,
    open,
    async [Symbol.asyncDispose]() {
      server?.closeAllConnections();
      if (server) await new Promise((resolve) => server.close(resolve));
      await rm(folder.path, { recursive: true, force: true });
    },
  };
}
