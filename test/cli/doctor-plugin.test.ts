import { expect, test } from "vitest";
import type { CheckContext } from "../../bridge/cli/doctor/check";
import { pluginsCheck } from "../../bridge/cli/doctor/plugins";
import { octoFolders } from "../../bridge/folders";
import { OctoError } from "../../bridge/octo-error";
import { octoVersion } from "../../bridge/version";
import type { GuiView } from "../../shared/pane";

function found(call: () => Promise<{ readonly guis: readonly GuiView[] }>) {
  const environment = { HOME: "/home/ann", XDG_RUNTIME_DIR: "/run/user/7" };
  const folders = octoFolders(environment);
  const refuse = (): Promise<never> => Promise.reject(new OctoError("BRIDGE_NOT_RUNNING", "nobody is there"));
  const client: CheckContext["client"] = {
    socketPath: folders.socketFile,
    hello: refuse,
    metrics: refuse,
    call: async () => JSON.parse(JSON.stringify(await call())),
  };
  return pluginsCheck.run({ environment, folders, client });
}

const guis = (...versions: readonly (string | undefined)[]) =>
  found(async () => ({ guis: versions.map((version) => ({ guiId: 7, version })) }));

test("the plugins of all WezTerms are of this octo's version", async () => {
  expect(await guis(octoVersion, octoVersion)).toMatchObject({ status: "ok", what: expect.stringContaining(octoVersion) });
  expect(await guis()).toMatchObject({ status: "ok" });
});

test.each([
  ["0.0.1", "plugin/init.lua"],
  [undefined, "plugin/init.lua"],
  ["99.0.0", "Update this octo"],
])("a plugin of version %j is told of, and what to do", async (version, next) => {
  expect(await guis(octoVersion, version)).toMatchObject({
    status: "warn",
    what: expect.stringContaining(`is version ${version ?? "unknown"}, this octo ${octoVersion}`),
    next: expect.stringContaining(next),
  });
});

test("a bridge that does not tell is older, and without one nothing is said", async () => {
  const raise = (code: "METHOD_UNKNOWN" | "BRIDGE_NOT_RUNNING") => found(() => Promise.reject(new OctoError(code, "no")));
  expect(await raise("METHOD_UNKNOWN")).toMatchObject({ status: "warn", next: expect.stringContaining("octo up") });
  expect(await raise("BRIDGE_NOT_RUNNING")).toMatchObject({ status: "ok" });
});
