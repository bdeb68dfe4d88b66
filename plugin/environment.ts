import { attempt } from "./attempt";

/** A variable of this process; WezTerm raises for one that is not UTF-8, which counts as unset. */
export function environmentVariable(name: string): string | undefined {
  const found = attempt(() => os.getenv(name));
  return found.ok ? found.value : undefined;
}
