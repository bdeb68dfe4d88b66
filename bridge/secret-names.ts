// By the names that providers and clouds give their keys.
const secretName =
  /(?:^|_)(?:API_?KEY|SECRET|TOKEN|PASSWORD|PASSWD|PASSPHRASE|CREDENTIALS?|(?:ACCESS|SECRET|PRIVATE|AUTH|ENCRYPTION|SIGNING)_?KEY)(?:_|$)|_KEY$/i;

/** Does a variable of this name hold a key? */
export function looksSecret(name: string): boolean {
  return secretName.test(name);
}

/**
 * The environment for programs that need no keys of models: git, ssh, WezTerm, hooks. What else they use (agents, proxies, paths) stays.
 */
export function withoutKeys<Value>(environment: Readonly<Record<string, Value>>): Record<string, Value> {
  return Object.fromEntries(Object.entries(environment).filter(([name]) => !looksSecret(name)));
}
