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

/** Also finds a secret as it stands in a JSON text, with its quotes and backslashes escaped. */
export function createRedactor(): Redactor {
  const known = new Set<string>();
  const text = (given: string): string => {
    let clean = given;
    for (const secret of known) if (clean.includes(secret)) clean = clean.replaceAll(secret, instead);
    return clean;
  };
  return {
    know(secrets) {
      for (const secret of secrets) {
        if (secret.length < charactersMin || known.size >= secretsMax) continue;
        known.add(secret);
        known.add(JSON.stringify(secret).slice(1, -1));
      }
    },
    text,
    error: (error) => ({ ...error, message: text(error.message) }),
  };
}
