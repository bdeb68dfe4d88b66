import { randomUUID } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { nextStep } from "../../shared/errors";
import { OctoError, toErrorInfo } from "../octo-error";
import { widthOf } from "../paint/text";
import type { ScreenTarget } from "../panes/pane-world";
import type { FrameSink } from "../panes/screen";
import { Screens } from "../panes/screens";
import type { AttachInfo, BridgeService } from "../runtime/service";
import { sendText } from "./answer";
import type { ScreenQuery } from "./query";
import type { TotalBacklog } from "./total-backlog";

/** What a terminal hands over at once; a longer paste comes in pieces. */
export const keyBytesMax = 64 * 1024;
const shownMax = 128;
const warmUpAfterMs = 500;

/** The screens of thin panes, for clients that are shell programs: everything is text, one value a line. */
export interface PaneRoutes {
  /** Streams frames until either side hangs up. PANE_LIMIT. */
  screen(query: ScreenQuery, request: IncomingMessage, response: ServerResponse): void;
  key(screen: string, bytes: string, response: ServerResponse): void;
  attach(query: { readonly screen?: string | undefined; readonly target: ScreenTarget }, response: ServerResponse): Promise<void>;
  /** Ends every stream. */
  stop(): void;
}

export interface PaneOptions {
  /** A client that takes nothing of a frame for so long is cut off. */
  readonly stallTimeMaxMs: number;
  /** Called for each that was. */
  readonly slow: () => void;
  readonly total: TotalBacklog;
}

export function createPaneRoutes(service: BridgeService, options: PaneOptions): PaneRoutes {
  const screens = new Screens({ service, nowMs: () => performance.now(), requestId: randomUUID, sayError });
  const open = new Set<ServerResponse>();
  // The first width of anything but ASCII compiles 20 ms of regular expressions: not while somebody waits for a frame.
  setTimeout(() => widthOf("⬢"), warmUpAfterMs).unref();
  return {
    screen({ screen, target, columns, rows, colours, pane }, request, response) {
      if (open.size >= shownMax) throw new OctoError("PANE_LIMIT", `${open.size} panes are shown already`);
      const sink = sinkOf(response, options);
      // A screen may well be still for a day; a client that is gone is noticed by its socket's end.
      request.socket.setTimeout(0);
      response.writeHead(200, { "content-type": "text/plain; charset=utf-8", "cache-control": "no-store" });
      response.socket?.setNoDelay(true);
      const cursor = pane && service.paneCursor(pane.guiId, pane.paneId);
      const hide = screens.show(screen, { target, size: { columns, rows }, palette: colours ? 16 : "none", cursor, sink });
      open.add(response);
      response.once("close", () => {
        open.delete(response);
        hide();
      });
    },
    key(screen, bytes, response) {
      sendText(response, screens.press(screen, bytes) ?? "");
    },
    async attach({ screen, target }, response) {
      sendText(response, attachLines(await screens.attach(screen, target)));
    },
    stop() {
      for (const response of [...open]) response.end();
    },
  };
}

/** No frame is drawn while one waits to be read; after `stallTimeMaxMs` of that the client is cut off, and begins anew when it can. */
function sinkOf(response: ServerResponse, { stallTimeMaxMs, slow, total }: PaneOptions): FrameSink {
  let stall: NodeJS.Timeout | undefined;
  const cutOff = (): void => {
    slow();
    response.destroy();
  };
  response.on("drain", () => clearTimeout(stall));
  response.once("close", () => clearTimeout(stall));
  response.once("close", total.watch({ waitingBytes: () => response.socket?.writableLength ?? 0, cutOff }));
  return {
    write(text) {
      const hasRoom = response.write(text);
      if (!hasRoom) {
        stall = setTimeout(cutOff, stallTimeMaxMs);
        total.grew();
      }
      return hasRoom;
    },
    onDrain: (call) => void response.once("drain", call),
  };
}

/** `name=value` a line, `command` once a word. No value has a line break in it. */
function attachLines({ command, url, password, directory, sessionId }: AttachInfo): string {
  const lines = [
    ...command.map((word) => ["command", word] as const),
    ["url", url] as const,
    ["password", password] as const,
    ...(directory === undefined ? [] : [["directory", directory] as const]),
    ...(sessionId === undefined ? [] : [["session", sessionId] as const]),
  ];
  return lines.map(([name, value]) => `${name}=${value}\n`).join("");
}

function sayError(thrown: unknown): string {
  const info = toErrorInfo(thrown);
  return `${info.message}. ${nextStep(info)}`;
}
