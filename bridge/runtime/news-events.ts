import type { Ask } from "../../shared/ask";
import type { Event } from "../core/event";
import type { Instance } from "../core/instance";
import type { OpenAsk, ServerNews } from "../ports/opencode";

export function askOf(instance: Instance, ask: OpenAsk, directory: string, askedAtEpochMs: number): Ask {
  return { ...ask, instanceId: instance.id, directory, askedAtEpochMs };
}

/** What of a server's news matters to the core; output as it comes does not. */
export function eventOf(instance: Instance, news: ServerNews, epochMs: number): Event | undefined {
  const from = { instanceId: instance.id, incarnation: instance.incarnation };
  switch (news.kind) {
    case "progress":
      return { ...from, kind: "turn-progressed", sessionId: news.sessionId };
    case "turn-started":
      return { ...from, kind: "turn-started", sessionId: news.sessionId, messageId: news.messageId };
    case "settled":
      return { ...from, kind: "turn-settled", sessionId: news.sessionId, error: news.error };
    case "retrying":
      return { ...from, kind: "turn-retrying", sessionId: news.sessionId, retry: news.retry };
    case "usage":
      return { ...from, kind: "usage-reported", sessionId: news.sessionId, usage: news.usage };
    case "ask-opened":
      return { ...from, kind: "ask-opened", ask: askOf(instance, news.ask, news.directory, epochMs) };
    case "ask-closed":
      return { ...from, kind: "ask-closed", askId: news.askId, closing: news.closing };
    case "text":
    case "tool":
      return undefined;
  }
}
