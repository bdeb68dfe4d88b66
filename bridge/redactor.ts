import type { ErrorInfo } from "../shared/errors";

/** Takes known secrets out of whatever is logged, stored or shown of failures. */
export interface Redactor {
  /** From now on these are taken out too; short ones are words of any text and are left. */
  know(secrets: Iterable<string>): void;
  text(text: string): string;
  error(error: ErrorInfo): ErrorInfo;
}

const charactersMin = 8;
/** The environment of a login shell and the passwords of 256 instances fit well. */
const secretsMax = 4_096;
const instead = "(secret)";

/** User and password before the host of a URL: up to the last `@`, as programs read it. Source: RFC 3986 3.2.1. */
const userinfo = /:\/\/([^\s/?#"'`<>]+)@/g;
/** The names that providers' settings have for keys, in JSON: `apiKey`, `accessToken`, `client_secret`. */
const secretField = /key|token|secret|password|credential/i;

/** Also finds a secret as it stands in a JSON text, with its quotes and backslashes escaped, and the password of any URL. */
export function createRedactor(): Redactor {
  const known = new Set<string>();
  /** The longest first: of one that begins another's, the rest would stay. */
  let ordered: readonly string[] = [];
  const text = (given: string): string => {
    let clean = given;
    for (const secret of ordered) if (clean.includes(secret)) clean = clean.replaceAll(secret, instead);
    return clean.includes("://") ? clean.replaceAll(userinfo, withoutPassword) : clean;
  };
  return {
    know(secrets) {
      for (const secret of [...secrets].flatMap((value) => [value, ...secretsWithin(value)])) {
        if (secret.length < charactersMin || known.size >= secretsMax) continue;
        known.add(secret);
        known.add(JSON.stringify(secret).slice(1, -1));
      }
      ordered = [...known].sort((one, other) => other.length - one.length);
    },
    text,
    error: (error) => ({ ...error, message: text(error.message) }),
  };
}

function withoutPassword(whole: string, user: string, schemeEnd: number, text: string): string {
  if (isOfWeb(text, schemeEnd)) return `://${instead}@`;
  const colon = user.indexOf(":");
  return colon === -1 ? whole : `://${user.slice(0, colon)}:${instead}@`;
}

/** There the user's name is a secret too: tokens are given as one. */
function isOfWeb(text: string, schemeEnd: number): boolean {
  return /(?:https?|wss?)$/i.test(text.slice(Math.max(0, schemeEnd - 5), schemeEnd));
}

/** Keys inside of settings that are given as one JSON text, like OPENCODE_CONFIG_CONTENT, and what is secret before the host of a URL. */
function secretsWithin(value: string): readonly string[] {
  const found = [...value.matchAll(userinfo)].flatMap(({ 1: user = "", index }) => {
    const colon = user.indexOf(":");
    if (colon === -1) return isOfWeb(value, index) ? [user] : [];
    return [user, user.slice(colon + 1)];
  });
  if (!value.startsWith("{")) return found;
  try {
    JSON.parse(value, (name, field: unknown) => {
      if (typeof field === "string" && secretField.test(name)) found.push(field);
      return field;
    });
  } catch {
    // No JSON, or nested beyond any settings.
  }
  return found;
}
