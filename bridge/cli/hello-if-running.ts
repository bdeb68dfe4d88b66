import type { HelloResult } from "../../shared/protocol";
import { OctoError } from "../octo-error";
import type { Client, HelloOptions } from "./client";

/** Undefined when nobody is there; the errors of `hello` otherwise. */
export async function helloIfRunning(client: Client, options: HelloOptions = {}): Promise<HelloResult | undefined> {
  try {
    return await client.hello(options);
  } catch (thrown) {
    if (thrown instanceof OctoError && thrown.code === "BRIDGE_NOT_RUNNING") return undefined;
    throw thrown;
  }
}
