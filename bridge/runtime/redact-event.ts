import type { ErrorInfo } from "../../shared/errors";
import type { Event } from "../core/event";

/** The event with secrets taken out of what a server said of a failure; what octo itself says went through `errorOf`. */
export function redactEvent(event: Event, redact: (error: ErrorInfo) => ErrorInfo): Event {
  switch (event.kind) {
    case "turn-settled":
      return event.error ? { ...event, error: redact(event.error) } : event;
    case "turn-retrying":
      return {
        ...event,
        retry: { ...event.retry, message: redact({ code: "PROVIDER_UNAVAILABLE", message: event.retry.message }).message },
      };
    case "turn-inspected": {
      const { report } = event;
      if (report.kind !== "ended" || report.outcome.kind !== "failed") return event;
      return { ...event, report: { ...report, outcome: { ...report.outcome, error: redact(report.outcome.error) } } };
    }
    default:
      return event;
  }
}
