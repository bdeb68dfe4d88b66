/** A backslash of the text itself, or half a surrogate pair: whole ones stand in the JSON as they are. Source: ECMA-262, "QuoteJSONString". */
const halves = /\\(?:\\|ud[89a-f][0-9a-f]{2})/g;

/**
 * As every client can read it. What was cut within a character, by us or by OpenCode, ends in half of one: that becomes U+FFFD here, since
 * WezTerm (serde_json) refuses the whole answer for it. Not for streams: there the next piece may bring the other half.
 */
export function jsonText(value: unknown): string {
  const json = JSON.stringify(value);
  return json.includes("\\ud") ? json.replace(halves, (found) => (found === "\\\\" ? found : "\ufffd")) : json;
}
