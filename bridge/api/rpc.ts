import { z } from "zod";
import { type MethodName, type Methods, protocolVersion } from "../../shared/protocol";
import { OctoError } from "../octo-error";
import type { BridgeService, CallContext } from "../runtime/service";
import { parseRequest } from "./invalid";
import { commands, envelope, isMethod, paramSchemas } from "./schemas";

/** Looked at before anything else, since a newer side may send fields that this one does not know. */
const versioned = z.looseObject({ protocol: z.int("must be the number of the protocol") });

/** A request that was understood; running it calls the method. */
export interface ParsedCall {
  readonly method: MethodName;
  run(service: BridgeService): Promise<unknown>;
}

/**
 * Checks a whole request; nothing of it reaches the service unparsed. PROTOCOL_MISMATCH says which side is older;
 * METHOD_UNKNOWN; REQUEST_INVALID, PROMPT_EMPTY and PROMPT_TOO_LARGE name the field.
 */
export function parseCall(body: unknown): ParsedCall {
  checkProtocol(parseRequest(versioned, body, "request").protocol);
  const request = parseRequest(envelope, body, "request");
  if (!isMethod(request.method)) throw new OctoError("METHOD_UNKNOWN", `the bridge knows no method ${JSON.stringify(request.method)}`);
  if (request.requestId === undefined && commands.includes(request.method)) {
    throw new OctoError("REQUEST_INVALID", `request.requestId: ${request.method} changes something and needs one`);
  }
  return prepare(request.method, request.params ?? {}, { requestId: request.requestId ?? "" });
}

function prepare<Name extends MethodName>(method: Name, given: unknown, context: CallContext): ParsedCall {
  const params: Methods[Name]["params"] = parseRequest(paramSchemas[method], given, "params");
  return { method, run: (service) => service.calls[method](params, context) };
}

function checkProtocol(theirs: number): void {
  if (theirs === protocolVersion) return;
  const older = theirs < protocolVersion ? "the client is older" : "the bridge is older";
  throw new OctoError("PROTOCOL_MISMATCH", `the client speaks protocol ${theirs}, the bridge ${protocolVersion}: ${older}`);
}
