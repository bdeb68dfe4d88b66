// A bridge that launches one server, tells its identity and waits to be killed. Arguments: the options of `launcherIn`, the request.
import { z } from "zod";
import type { LaunchRequest } from "../../../bridge/ports/opencode";
import { asInstanceId, launcherIn } from "./launcher-world";

const given = z.object({ instanceId: z.string().transform(asInstanceId), incarnation: z.number(), port: z.number(), password: z.string() });
const request: LaunchRequest = given.parse(JSON.parse(process.argv[3] ?? "{}"));

const server = await launcherIn(process.argv[2] ?? "").launch(request);
process.stdout.write(`${JSON.stringify(server.identity)}\n`);
setInterval(() => {}, 60_000);
