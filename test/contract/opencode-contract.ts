import { afterAll, beforeAll, describe } from "vitest";
import { openCodeAskContract } from "./opencode-ask-contract";
import { openCodeFailureContract } from "./opencode-failure-contract";
import { type ContractServer, openPlace, type Place } from "./opencode-place";
import { openCodeStreamContract } from "./opencode-stream-contract";
import { openCodeTurnContract } from "./opencode-turn-contract";

/**
 * What octo relies on of an OpenCode server, through the port. Run on the fake and on the real one, with one boot each:
 * a fake that fails it is a bug. The restart comes last, since it ends what runs.
 */
export function openCodeContract(
  name: string,
  options: { readonly testTimeoutMs: number; readonly make: () => Promise<ContractServer> },
): void {
  describe(`${name} keeps the contract`, { timeout: options.testTimeoutMs }, () => {
    let opened: Place | undefined;
    const place = (): Place => {
      if (opened === undefined) throw new Error("the server did not start");
      return opened;
    };
    beforeAll(async () => {
      opened = await openPlace(options.make);
    }, options.testTimeoutMs * 2);
    afterAll(async () => {
      await opened?.[Symbol.asyncDispose]();
    });
    openCodeTurnContract(place);
    openCodeAskContract(place);
    openCodeFailureContract(place);
    openCodeStreamContract(place);
  });
}
