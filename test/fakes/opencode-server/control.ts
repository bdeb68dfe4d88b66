import { type Fault, faultOf } from "./faults";
import { type Answer, badRequest, type Call, json } from "./http-answer";
import { objectOf, textOf } from "./json";
import type { World } from "./world";

/** Routes of the test, below `/__fake/`, with the same password: faults, gates, and what was played. */
export function answerControl(call: Call, world: World, applyFault: (fault: Fault) => void): Answer {
  switch (`${call.method} ${call.path}`) {
    case "POST /__fake/fault": {
      const fault = call.body === undefined ? undefined : faultOf(call.body);
      if (fault === undefined) return badRequest("no such fault", "Payload");
      applyFault(fault);
      return json(true);
    }
    case "POST /__fake/gate":
      world.gates.open(textOf(call.body, "name") ?? "");
      return json(true);
    case "GET /__fake/gate":
      return json({ waiting: world.gates.waiting(call.query.get("name") ?? "") });
    case "GET /__fake/turns":
      return json(Object.fromEntries(world.store.turns()));
    case "GET /__fake/sessions":
      return json(world.store.sessions().map((session) => summaryOf(session, world)));
    case "GET /__fake/streams":
      return json({ streams: world.hub.streams(), sent: world.hub.sent() });
    default:
      return badRequest(`no control route ${call.method} ${call.path}`, "Params");
  }
}

export interface SessionSummary {
  readonly id: string;
  readonly parentId: string | undefined;
  readonly directory: string;
  readonly title: string;
  readonly status: string;
}

function summaryOf(
  session: Parameters<World["putSession"]>[0],
  world: World,
): { readonly [key in keyof SessionSummary]: SessionSummary[key] } {
  const id = textOf(session, "id") ?? "";
  return {
    id,
    parentId: textOf(session, "parentID"),
    directory: textOf(session, "directory") ?? "",
    title: textOf(session, "title") ?? "",
    status: textOf(objectOf({ status: world.statuses.get(id) }, "status"), "type") ?? "idle",
  };
}

export function sessionSummaries(world: World): readonly SessionSummary[] {
  return world.store.sessions().map((session) => summaryOf(session, world));
}
