import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type Answer, badRequest, type Call, json, noContent, notFound, unknownError, webPage } from "./http-answer";
import { type JsonObject, objectsOf, parseObject, textOf } from "./json";
import type { Runs } from "./runs";
import type { World } from "./world";

/** OpenCode's routes that octo uses, with the answers of the real one. */
export function answerCall(call: Call, world: World, runs: Runs): Answer | Promise<Answer> {
  const route = `${call.method} ${call.path}`;
  if (route === "GET /global/health") return json({ healthy: true, version: world.options.version });
  if (route === "POST /global/dispose") return dispose(world, runs);
  const broken = brokenConfiguration(call.directory);
  if (broken !== undefined && !call.path.startsWith("/global/")) return broken;
  switch (route) {
    case "POST /session":
      return createSession(call, world);
    case "GET /session/status":
      return json(statuses(world, call.directory));
    case "GET /permission":
      return json(world.asks.permissions(call.directory));
    case "GET /question":
      return json(world.asks.questions(call.directory));
    case "GET /config/providers":
      return json(providers(world));
  }
  const [, area, id = "", action = ""] = call.path.split("/");
  if (area === "session" && id !== "") return sessionRoute(call, id, action, world, runs);
  if (call.method === "POST" && area === "permission" && action === "reply") return replyPermission(call, id, world);
  if (call.method === "POST" && area === "question") return replyQuestion(call, id, action, world);
  return webPage;
}

function createSession(call: Call, world: World): Answer {
  if (call.bodyText !== "" && call.body === undefined) return unknownError;
  const title = textOf(call.body, "title") ?? `New session - ${new Date().toISOString()}`;
  const permission = objectsOf(call.body, "permission");
  return json(world.createSession({ directory: call.directory, title, parentId: textOf(call.body, "parentID"), permission }));
}

function sessionRoute(call: Call, id: string, action: string, world: World, runs: Runs): Answer {
  const route = `${call.method} ${action}`;
  if (!["GET ", "GET children", "GET message", "POST prompt_async", "POST abort"].includes(route)) return webPage;
  if (!id.startsWith("ses")) return unknownError;
  if (route === "POST abort") {
    runs.abort(id);
    return json(true);
  }
  const session = world.store.session(id);
  if (session === undefined) return notFound(`Session not found: ${id}`);
  switch (route) {
    case "GET ":
      return json(session);
    case "GET children":
      return json(world.store.sessions().filter((other) => other.parentID === id));
    case "GET message":
      return listMessages(call, id, world);
    default:
      return prompt(call, id, world, runs);
  }
}

function prompt(call: Call, sessionId: string, world: World, runs: Runs): Answer {
  if (call.body === undefined) return unknownError;
  if (!Array.isArray(call.body.parts)) return badRequest('Missing key at ["parts"]', "Payload");
  const ignored = world.faults.take("prompt-ignored");
  if (ignored !== undefined && !ignored.stored) return noContent;
  runs.accept(sessionId, call.body, { play: ignored === undefined && call.body.noReply !== true });
  return noContent;
}

/** The newest `limit` messages, oldest first; `before` is the cursor that leads to the older ones (seen: x-next-cursor). */
function listMessages(call: Call, sessionId: string, world: World): Answer {
  const all = world.store.messages(sessionId);
  const before = call.query.get("before");
  const end = before === null ? all.length : all.findIndex(({ id }) => id === before);
  const start = Math.max(0, end - Number(call.query.get("limit") ?? Number.POSITIVE_INFINITY));
  const page = all.slice(start, Math.max(0, end));
  const byId = (left: readonly [string, JsonObject], right: readonly [string, JsonObject]): number => (left[0] < right[0] ? -1 : 1);
  const value = page.map(({ info, parts }) => ({ info, parts: [...parts].sort(byId).map(([, part]) => part) }));
  return json(value, 200, start > 0 && page[0] !== undefined ? { "x-next-cursor": page[0].id } : {});
}

function statuses(world: World, directory: string): JsonObject {
  const ofDirectory = [...world.statuses].filter(([id]) => textOf(world.store.session(id), "directory") === directory);
  return Object.fromEntries(ofDirectory);
}

function replyPermission(call: Call, id: string, world: World): Answer {
  const reply = (["once", "always", "reject"] as const).find((name) => name === call.body?.reply);
  if (reply === undefined) return badRequest('Expected "once" | "always" | "reject" at ["reply"]', "Payload");
  if (world.asks.replyPermission(id, reply, textOf(call.body, "message"))) return json(true);
  return json({ _tag: "PermissionNotFoundError", requestID: id, message: `Permission request not found: ${id}` }, 404);
}

function replyQuestion(call: Call, id: string, action: string, world: World): Answer {
  if (action !== "reply" && action !== "reject") return webPage;
  const given = call.body?.answers;
  const answers = Array.isArray(given)
    ? given.map((each) => (Array.isArray(each) ? each.filter((label) => typeof label === "string") : []))
    : undefined;
  if (action === "reply" && answers === undefined) return badRequest('Missing key at ["answers"]', "Payload");
  const reply = action === "reply" ? { kind: "answered" as const, answers: answers ?? [] } : { kind: "rejected" as const };
  if (world.asks.replyQuestion(id, reply)) return json(true);
  return json({ _tag: "QuestionNotFoundError", requestID: id, message: `Question request not found: ${id}` }, 404);
}

function providers(world: World): JsonObject {
  const models = world.options.models.map((name) => ({ provider: name.split("/")[0] ?? "", id: name.split("/").slice(1).join("/") }));
  const names = [...new Set(models.map(({ provider }) => provider))];
  return {
    providers: names.map((name) => ({
      ...{ id: name, name, source: "config", env: [], options: {} },
      models: Object.fromEntries(
        models.filter(({ provider }) => provider === name).map(({ id }) => [id, { id, providerID: name, name: id }]),
      ),
    })),
    default: Object.fromEntries(models.toReversed().map(({ provider, id }) => [provider, id])),
  };
}

async function dispose(world: World, runs: Runs): Promise<Answer> {
  await runs.abortAll();
  for (const directory of new Set(world.store.sessions().map((session) => textOf(session, "directory") ?? ""))) {
    world.hub.publish({ directory, type: "server.instance.disposed", properties: { directory } });
  }
  world.hub.publishGlobal("global.disposed");
  return json(true);
}

/** A project's opencode.json that is no JSON fails every request for its directory, and nothing else (seen). */
function brokenConfiguration(directory: string): Answer | undefined {
  const path = join(directory, "opencode.json");
  if (!existsSync(path) || parseObject(readFileSync(path, "utf8")) !== undefined) return undefined;
  return json({ name: "ConfigJsonError", data: { path, message: "InvalidSymbol at line 1, column 1" } }, 400);
}
