/** Everything the person can ask for: its name in `actions`, its key in the key table, and how the palette calls it. */
export interface Command {
  readonly name: string;
  readonly key: string | undefined;
  readonly brief: string;
  readonly icon: string;
}

const command = (name: string, key: string | undefined, brief: string, icon: string): Command => ({ name, key, brief, icon });

export const commands: readonly Command[] = [
  command("dispatch", "d", "dispatch a prompt", "md_send"),
  command("dispatch_to", "D", "dispatch a prompt, choosing where", "md_send_check"),
  command("compose", "e", "compose a prompt in the editor", "md_pencil"),
  command("new_instance", "n", "start a new instance", "md_plus"),
  command("tasks", "t", "tasks", "md_format_list_checks"),
  command("instances", "i", "instances", "md_server"),
  command("asks", "a", "answer what waits for you", "md_help_circle"),
  command("jump", "j", "jump to the next pane that needs you", "md_arrow_right_bold"),
  command("reply", "r", "reply to the task shown here", "md_reply"),
  command("cancel", "x", "cancel a task", "md_close"),
  command("hosts", undefined, "hosts", "md_lan"),
  command("add_host", "h", "add a host", "md_lan_connect"),
  command("board", "b", "open the board", "md_view_dashboard"),
  command("open_panes", "p", "open the panes of an earlier window again", "md_window_restore"),
  command("start_bridge", "u", "start the bridge", "md_play"),
  command("help", "?", "show the keys", "md_keyboard"),
];

/** The event that runs the command. Names, not `action_callback`: WezTerm evaluates the configuration several times and counts those. */
export function commandEvent(name: string): string {
  return `octo-run-${name}`;
}
