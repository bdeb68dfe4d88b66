// A process that behaves like `opencode serve` to its launcher, with faults by the environment variable FIXTURE (JSON):
// version, exit: { code, stderr }, deaf (to SIGTERM), tool (an argument array started in a group of its own), open (asks no
// password), disposeHangs, unmarked (starts a child in its own group without any environment),
// muteCount (first requests that are never answered).
import { spawn } from "node:child_process";
import { createServer } from "node:http";

const faults = JSON.parse(process.env.FIXTURE ?? "{}");
const port = Number(process.argv[process.argv.indexOf("--port") + 1]);

if (faults.exit) {
  process.stderr.write(faults.exit.stderr);
  process.exit(faults.exit.code);
}
if (faults.deaf) process.on("SIGTERM", () => process.stdout.write("deaf to SIGTERM\n"));
if (faults.tool) {
  const marks = { OPENCODE: "1", OPENCODE_PID: String(process.pid) };
  spawn(faults.tool[0], faults.tool.slice(1), { detached: true, stdio: "ignore", env: { ...process.env, ...marks } });
}
if (faults.unmarked) spawn("sleep", ["3600"], { stdio: "ignore", env: { PATH: process.env.PATH } });

const expected = `Basic ${Buffer.from(`opencode:${process.env.OPENCODE_SERVER_PASSWORD}`).toString("base64")}`;
let muteLeft = faults.muteCount ?? 0;
const server = createServer((request, response) => {
  if (muteLeft-- > 0) return undefined;
  if (!faults.open && request.headers.authorization !== expected) return response.writeHead(401).end();
  response.setHeader("content-type", "application/json");
  if (request.url === "/global/health") return response.end(JSON.stringify({ healthy: true, version: faults.version ?? "1.18.33" }));
  if (request.url === "/global/dispose") {
    process.stdout.write("disposed\n");
    if (!faults.disposeHangs) response.end("true");
    return undefined;
  }
  return response.setHeader("content-type", "text/html").end("<html></html>");
});
server.on("error", () => {
  process.stderr.write("Error: Unexpected error\n\nServeError\n");
  process.exit(1);
});
server.listen(port, "127.0.0.1", () => process.stdout.write(`opencode server listening on http://127.0.0.1:${port}\n`));
