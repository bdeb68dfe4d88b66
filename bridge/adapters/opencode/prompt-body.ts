import { basename } from "node:path";
import { pathToFileURL } from "node:url";
import { OctoError } from "../../octo-error";
import type { PromptPart, PromptRequest } from "../../ports/opencode";

/** The body of `POST /session/:id/prompt_async`. Message and part ids make a repeated request the same turn (seen). MODEL_UNKNOWN. */
export function toPromptBody(request: PromptRequest): unknown {
  return {
    messageID: request.messageId,
    parts: request.parts.map(toPart),
    ...(request.model === undefined ? {} : { model: toModel(request.model) }),
    ...(request.agent === undefined ? {} : { agent: request.agent }),
    ...(request.variant === undefined ? {} : { variant: request.variant }),
  };
}

function toPart({ id, content }: PromptPart): unknown {
  if (content.kind === "text") return { id, type: "text", text: content.text };
  return { id, type: "file", mime: content.mime, filename: basename(content.path), url: pathToFileURL(content.path).href };
}

/** A model's own name may hold slashes. */
function toModel(model: string): unknown {
  const slash = model.indexOf("/");
  if (slash <= 0 || slash === model.length - 1) throw new OctoError("MODEL_UNKNOWN", `"${model}" is not of the form provider/model`);
  return { providerID: model.slice(0, slash), modelID: model.slice(slash + 1) };
}
