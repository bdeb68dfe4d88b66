import type { ErrorCode } from "../../../shared/errors";
import { inert } from "../../inert";
import { OctoError } from "../../octo-error";
import { masterGone } from "./ssh-arguments";

const reasonLengthMax = 600;

// What OpenSSH's client says (9.2, LC_ALL=C, observed); the first that fits counts. It ends with 255 for all of these.
const sentences: readonly (readonly [RegExp, ErrorCode])[] = [
  [/REMOTE HOST IDENTIFICATION HAS CHANGED|Offending .* key in/, "HOST_KEY_CHANGED"],
  [/No .* host key is known for|Host key verification failed/, "HOST_KEY_UNKNOWN"],
  [/Could not resolve hostname|Name or service not known|nodename nor servname/, "HOST_NAME_UNRESOLVED"],
  [/Bad configuration option|bad configuration options|Bad owner or permissions|line \d+: |Can't open user config/, "HOST_CONFIG_BROKEN"],
  [/Permission denied \(|Too many authentication failures|No supported authentication methods/, "HOST_AUTH_REFUSED"],
  [/administratively prohibited|Port forwarding failed|port forwarding failed|forwarding request failed/, "HOST_FORWARD_REFUSED"],
  [/Session open refused by peer|session request failed/, "HOST_SESSIONS_REFUSED"],
  // Said also by a client that its master refused, which then tries by itself.
  [new RegExp(masterGone), "HOST_LINK_LOST"],
  [
    /Control socket connect|mux_client|Broken pipe|closed by remote host|Connection reset|Timeout, server .* not responding/,
    "HOST_LINK_LOST",
  ],
];

/** These stay until a person does something; asking again and again could lock that person out. */
const refusals: readonly ErrorCode[] = [
  "HOST_KEY_UNKNOWN",
  "HOST_KEY_CHANGED",
  "HOST_AUTH_REFUSED",
  "HOST_AUTH_LOCKED",
  "HOST_CONFIG_BROKEN",
];

/** What ssh said, as an error; HOST_UNREACHABLE when it said something else (refused, timed out, no route). */
export function sshError(host: string, stderr: string, otherwise: ErrorCode = "HOST_UNREACHABLE"): OctoError {
  const code = sentences.find(([sentence]) => sentence.test(stderr))?.[1] ?? otherwise;
  return new OctoError(code, `${host}: ${lastWords(stderr) || "ssh ended without a word"}`);
}

export function isRefusal(code: ErrorCode): boolean {
  return refusals.includes(code);
}

/** The server let us in and refuses to lead anywhere: said by the master when somebody uses a forward. */
export function saysForwardRefused(stderr: string): boolean {
  return /open failed: administratively prohibited/.test(stderr);
}

/** Its last lines in one; the frame of @ signs around a changed host key says nothing. */
function lastWords(stderr: string): string {
  const lines = inert(stderr)
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "" && !/^[@\s]+$/.test(line) && !/^\*\* /.test(line));
  return lines.join("; ").slice(-reasonLengthMax);
}
