import { join } from "node:path";
import { test } from "vitest";
import { realOpenCode } from "../helpers/real-opencode-source";
import { sshdMissing } from "../helpers/sshd";
import { loopbackWorld } from "./host-world";
import { expectNoSecretAnywhere } from "./secrets-promises";
import { loginEnvironment, plant } from "./secrets-world";

test.runIf(process.platform === "linux" && sshdMissing === undefined)(
  "with the real OpenCode no secret is where none may be, and its bash tool sees the models' keys and its own server's password alone",
  async () => {
    const planted = plant();
    await using world = await loopbackWorld({ openCode: realOpenCode, environment: loginEnvironment(planted) });
    await expectNoSecretAnywhere({ world, planted, toolFile: join(world.octo.folder, "tool-environment") });
  },
);
