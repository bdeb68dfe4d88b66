import { Command } from "commander";
import { addAsks } from "./commands/asks";
import { addAudit } from "./commands/audit";
import { addBoard } from "./commands/board";
import { addBridge } from "./commands/bridge";
import { addCompletion } from "./commands/completion";
import { addConfig } from "./commands/config";
import { addCost } from "./commands/cost";
import { addDemo } from "./commands/demo";
import { addDoctor } from "./commands/doctor";
import { addDrop } from "./commands/drop";
import { addGc } from "./commands/gc";
import { addHosts } from "./commands/hosts";
import { addInstances } from "./commands/instances";
import { addLogs } from "./commands/logs";
import { addMerge } from "./commands/merge";
import { addMetrics } from "./commands/metrics";
import { addOpen } from "./commands/open";
import { addPane } from "./commands/pane";
import { addPanes } from "./commands/panes";
import { addRun, addSubmit } from "./commands/run";
import { addCancelAndRetry, addReply, addTasks } from "./commands/tasks";

/** Every command of `octo`; raises a CommanderError instead of ending the process. */
export function createProgram(version: string): Command {
  const program = new Command("octo")
    .description("OpenCode Terminal Orchestrator: many OpenCode agents at work as one")
    .version(version, "-V, --version")
    // Before the commands are added: they inherit it.
    .exitOverride();
  addRun(program);
  addSubmit(program);
  addReply(program);
  addTasks(program);
  addLogs(program);
  addMerge(program);
  addDrop(program);
  addOpen(program);
  addCancelAndRetry(program);
  addAsks(program);
  addCost(program);
  addAudit(program);
  addInstances(program);
  addHosts(program);
  addBoard(program);
  addPane(program);
  addPanes(program);
  addGc(program);
  addBridge(program);
  addDemo(program);
  addDoctor(program);
  addMetrics(program);
  addConfig(program);
  addCompletion(program);
  pointToHelp(program, "octo");
  return program.showHelpAfterError("(octo --help lists everything)");
}

/** After a wrong use: its own help tells what is right. */
function pointToHelp(command: Command, path: string): void {
  command.showHelpAfterError(`(${path} --help lists what there is)`);
  for (const child of command.commands) pointToHelp(child, `${path} ${child.name()}`);
}
