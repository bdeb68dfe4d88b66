import { parseArgs } from "node:util";
import { optionsFromEnvironment } from "./options";
import { startFakeServer } from "./server";

// The executable: `serve --hostname 127.0.0.1 --port N`, with the real one's output and exit codes. It dies by a signal at once, and outlives its parent.
const { values, positionals } = parseArgs({
  args: process.argv.slice(2),
  options: { port: { type: "string", default: "0" }, hostname: { type: "string", default: "127.0.0.1" }, version: { type: "boolean" } },
  allowPositionals: true,
  strict: false,
});
const options = optionsFromEnvironment(process.env);

if (values.version === true) {
  console.log(options.version);
  process.exit(0);
}
if (positionals[0] !== "serve") fail(`Failed to change directory to ${positionals[0] ?? ""}`, 1);
if (options.failStart !== undefined) fail(options.failStart.stderr, options.failStart.code);
if (options.password === "") console.log("Warning: OPENCODE_SERVER_PASSWORD is not set; server is unsecured.");
setTimeout(() => {
  start(Number(values.port), String(values.hostname)).catch(() => fail("Error: Unexpected error\n\nServeError", 1));
}, options.listenDelayMs);

/** Port 0 tries 4096 first, then any (seen). */
async function start(port: number, hostname: string): Promise<void> {
  const server =
    port === 0
      ? await startFakeServer({ ...options, hostname, port: 4096 }).catch(() => startFakeServer({ ...options, hostname, port: 0 }))
      : await startFakeServer({ ...options, hostname, port });
  console.log(`opencode server listening on ${server.url}`);
}

function fail(message: string, code: number): never {
  process.stderr.write(`${message}\n`);
  process.exit(code);
}
