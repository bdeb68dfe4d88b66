import { randomBytes } from "node:crypto";
import type { RemoteAttach, RemoteAttachRequest } from "../../ports/hosts";
import { answerWords } from "./answer";
import type { RemoteHost } from "./remote-host";
import { callOf } from "./remote-program";

const deadlineMs = 10_000;

/**
 * A program that shows a session in a terminal of the host. The password goes over stdin into a private file there that removes itself
 * when it is run: arguments, and the environment that WezTerm hands on, are seen by others. INSTANCE_NOT_READY, HOST_….
 */
export async function attachThere(host: RemoteHost, request: RemoteAttachRequest): Promise<RemoteAttach> {
  const { instanceId, incarnation, password, directory = "", sessionId = "" } = request;
  const name = randomBytes(8).toString("hex");
  const lines = await host.call(callOf("octo_attach", instanceId, incarnation, name, password, directory, sessionId), deadlineMs);
  const file = answerWords(lines, "program", host.name).join(" ");
  return {
    command: ["/bin/sh", file],
    // Where the host is gone, the file goes with the next one made.
    drop: () => host.call(callOf("octo_drop_ticket", file), deadlineMs).then(nothing, nothing),
  };
}

function nothing(): void {}
