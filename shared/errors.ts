/**
 * Every code a user or client can meet. The message of an `ErrorInfo` names the thing and the value;
 * `next` is the sentence that tells what to do. README lists them from this table.
 */
export interface CodeInfo {
  /** The same request may succeed later without anybody changing anything. */
  readonly retryable: boolean;
  readonly next: string;
}

const code = (retryable: boolean, next: string): CodeInfo => ({ retryable, next });

export const errorCodes = {
  // requests
  REQUEST_INVALID: code(false, "Correct the named field and send the request again."),
  NAME_AMBIGUOUS: code(false, "Give more of its id, or the whole name."),
  REQUEST_TOO_LARGE: code(false, "Send less; attach large texts as files with --attach."),
  REQUEST_REUSED: code(false, "Use a new request id for a different command."),
  METHOD_UNKNOWN: code(false, "Update octo so that client and bridge are of one version."),
  METHOD_NOT_YET: code(false, "Wait for a version that supports it; see CHANGELOG.md."),
  PROTOCOL_MISMATCH: code(false, "Run `octo up` of the newer octo: it takes over; then use only that one."),
  CLIENT_TOO_SLOW: code(true, "Reconnect and start from a new snapshot."),
  RATE_LIMITED: code(true, "Ask less often: wait as long as the message says, or raise `api.requestsPerSecond`."),
  CONNECTION_LIMIT: code(
    true,
    "Close boards, panes and programs that hold connections; `octo doctor` tells whether open files are the limit.",
  ),
  PROMPT_EMPTY: code(false, "Give the prompt as an argument, or with --from."),
  PROMPT_TOO_LARGE: code(false, "Shorten the prompt to 1 MiB, or attach the text with --attach."),
  ATTACHMENT_UNREADABLE: code(false, "Check the path and its permissions."),
  // tasks
  TASK_UNKNOWN: code(false, "List the tasks with `octo tasks --all`."),
  TASK_ENDED: code(false, "Use `octo retry` to run it again, or `octo reply` to go on."),
  TASK_NOT_ENDED: code(false, "Wait for it, or cancel it with `octo cancel`."),
  TASK_NO_SESSION: code(false, "Submit a new task: this one never reached a session."),
  TASK_NO_BRANCH: code(false, "Only tasks with a worktree have a branch; see the folder itself."),
  TASK_CANCELLED: code(false, "Run it again with `octo retry`."),
  TASK_TIMED_OUT: code(false, "Give it more time with --timeout, or split the prompt."),
  TASK_QUEUE_TIMED_OUT: code(false, "Add instances with `octo spawn`, or raise the queue time."),
  TASK_TOKENS_EXCEEDED: code(false, "Raise the limit of tokens, or split the prompt."),
  TASK_COST_EXCEEDED: code(false, "Raise the limit of cost, or split the prompt."),
  TASK_DEPENDENCY_FAILED: code(false, "Retry the task it depends on, then this one."),
  TASK_WEDGED: code(true, "The session made no progress; see `octo logs`."),
  LIMIT_NOT_SET: code(false, "Set the limit in the section `limits` of the configuration first."),
  QUEUE_FULL: code(true, "Wait until tasks have ended, or raise `tasks.queueMax`."),
  // turns
  SESSION_UNKNOWN: code(false, "The session is gone from OpenCode; submit the task anew."),
  PROMPT_NOT_STARTED: code(true, "OpenCode accepted the prompt and never began it; see `octo logs INSTANCE`."),
  TURN_STOPPED: code(false, "A permission or question was rejected; go on with `octo reply`."),
  TURN_TRUNCATED: code(false, "The model hit its output limit; go on with `octo reply`, or split the prompt."),
  TURN_ABORTED: code(true, "Somebody aborted it in OpenCode; run it again with `octo retry`."),
  TURN_INTERRUPTED: code(true, "The server died in the middle of it."),
  TURN_FAILED: code(false, "OpenCode reported an error that octo does not know; read its message, then `octo retry`."),
  MODEL_UNKNOWN: code(false, "List the models with `opencode models` and give one as provider/model."),
  AGENT_UNKNOWN: code(false, "List the agents with `opencode agent list`."),
  PROVIDER_AUTH: code(false, "Log in again with `opencode auth login`, or check the provider's key."),
  PROVIDER_RATE_LIMITED: code(true, "The task waits until the provider's limit is reset."),
  PROVIDER_UNAVAILABLE: code(true, "The provider did not answer; the task is tried again."),
  PROVIDER_REFUSED: code(false, "The provider refuses this request; read its message."),
  CONTEXT_OVERFLOW: code(false, "The session is too long for the model; start a new task."),
  // instances
  INSTANCE_UNKNOWN: code(false, "List the instances with `octo instances`."),
  INSTANCE_NOT_READY: code(true, "Wait until it is ready, or look at `octo instances`."),
  INSTANCE_EXITED: code(true, "It is started again by itself; see `octo logs INSTANCE`."),
  INSTANCE_START_TIMEOUT: code(true, "See `octo logs INSTANCE`; raise `instances.startTimeoutMs` on a slow machine."),
  INSTANCE_UNRESPONSIVE: code(true, "It answers no request; octo waits, then restarts it."),
  INSTANCE_LEFTOVERS: code(true, "Look at the processes named in the message (`ps -p PID`); a hung disk keeps them alive."),
  INSTANCE_DRAINED: code(true, "The task is placed again by itself, and asks again."),
  INSTANCE_CRASH_LOOP: code(false, "Read its last lines of stderr, mend the cause, then `octo restart INSTANCE`."),
  INSTANCE_LIMIT: code(false, "Stop an instance first, or raise `instances.max`."),
  OPEN_FILES_LIMIT: code(
    false,
    "Stop an instance first, or raise the limit of open files (`ulimit -Hn`, systemd's LimitNOFILE) and start the bridge again.",
  ),
  PORT_TAKEN: code(false, "Choose another port, or leave --port out."),
  OPENCODE_MISSING: code(false, "Install OpenCode (`npm install -g opencode-ai`) or set `opencode.command`."),
  OPENCODE_TOO_OLD: code(false, "Update OpenCode with `npm install -g opencode-ai`."),
  OPENCODE_TOO_NEW: code(false, "Install a supported OpenCode, or update octo."),
  OPENCODE_CONFIG_BROKEN: code(false, "Mend OpenCode's configuration file named in the message."),
  OPENCODE_PROJECT_CONFIG_BROKEN: code(false, "Mend the project's opencode.json named in the message."),
  OPENCODE_UNAUTHORISED: code(false, "Restart the instance with `octo restart`: its password is not ours."),
  OPENCODE_ANSWER_INVALID: code(true, "OpenCode answered something octo does not know; check its version."),
  // asks
  ASK_UNKNOWN: code(false, "It was answered or dropped already; list the open ones with `octo asks`."),
  ASK_ANSWERED: code(false, "The first answer counts; `octo audit` tells who gave it."),
  ASK_ANSWER_INVALID: code(false, "Answer a permission with allow or deny, a question with one of its options."),
  // panes of WezTerm
  GUI_UNKNOWN: code(true, "The plugin registers itself again within a second; then do it again."),
  GUI_GONE: code(false, "That WezTerm window is closed; open the panes again from another one."),
  PANE_UNKNOWN: code(false, "It was closed already; open it again from the palette."),
  WINDOW_UNKNOWN: code(false, "Choose a window that is still open."),
  PANE_LIMIT: code(false, "Close some of the panes that octo opened."),
  DOMAIN_UNKNOWN: code(false, "Start WezTerm anew: it learns of new domains at its start only."),
  WEZTERM_MISSING: code(false, "Set the plugin's option for the path of `wezterm`."),
  WEZTERM_TIMEOUT: code(true, "WezTerm did not answer `wezterm cli` in time; see whether it is busy."),
  WEZTERM_FAILED: code(true, "Read WezTerm's message."),
  WEZTERM_ANSWER_INVALID: code(false, "`wezterm cli` answered something octo does not know; check its version."),
  PANE_UNSUITABLE: code(false, "Run it in a terminal whose input and output are not redirected; `octo panes` in a local pane of WezTerm."),
  BOARD_UNSUITABLE: code(false, "Run `octo board` in a terminal; elsewhere `octo tasks`, `octo asks` and `octo instances` list the same."),
  // folders and git
  DIRECTORY_MISSING: code(false, "Create the folder, or give another with --dir."),
  DIRECTORY_UNSUITABLE: code(false, "Rename the folder: a shell cannot be given a name with a line break in it."),
  DIRECTORY_NOT_REPOSITORY: code(false, "Run `git init` there, or use --in-place."),
  REPOSITORY_EMPTY: code(false, "Make a first commit, or use --in-place."),
  REPOSITORY_UNSUPPORTED: code(false, "Use --in-place for this repository."),
  REPOSITORY_UNTRUSTED: code(false, "It belongs to another user; if you trust it, `git config --global --add safe.directory PATH`."),
  BRANCH_CHECKED_OUT: code(false, "Switch the folder named in the message to another branch, then `octo retry`."),
  BRANCH_UNKNOWN: code(false, "Name a local branch that exists with --into; `git branch` lists them."),
  BRANCH_NOT_MERGED: code(false, "Merge it first with `octo merge`, or give --force."),
  BRANCH_MOVED: code(true, "Somebody moved the branch meanwhile; look at it, then do it again."),
  MERGE_CONFLICT: code(false, "Nothing was changed. Merge by hand with `git merge`, or let the task do it: `octo reply`."),
  MERGE_NOT_FAST_FORWARD: code(false, "Use --merge or --squash."),
  MERGE_TARGET_DIRTY: code(false, "Nothing was changed. Commit, stash or move away the files named in the message, then do it again."),
  MERGE_TARGET_BUSY: code(false, "End what is under way there (`git status` tells), then do it again."),
  MERGE_TARGET_MISSING: code(false, "Bring the folder back, or forget it with `git worktree prune`; then do it again."),
  MERGE_NO_TARGET: code(false, "Name the branch with --into."),
  MERGE_REFUSED: code(false, "Nothing was changed. Read git's message."),
  IDENTITY_MISSING: code(false, 'Say who you are: `git config --global user.name "NAME"` and `user.email`.'),
  COMMIT_NOT_SIGNED: code(false, "Nothing was changed. Unlock your key (`gpg-agent`, `ssh-add`), or merge by hand."),
  EDITOR_MISSING: code(false, "Set $EDITOR, or use --print or --pane."),
  WORKSPACE_SETUP_FAILED: code(false, "Mend the project's `setup` or `copyFiles` in the configuration, then `octo retry`."),
  WORKTREE_DIRTY: code(false, "Commit or remove the changes in the folder named in the message, then do it again."),
  WORKTREE_FAILED: code(true, "Read git's message; `git worktree list` shows what is there."),
  GIT_MISSING: code(false, "Install git."),
  GIT_TOO_OLD: code(false, "Install git 2.38 or newer, or merge by hand with `git merge`."),
  GIT_TIMEOUT: code(true, "git did not end in time; see whether the disk or a lock holds it."),
  // ssh hosts
  HOST_NAME_INVALID: code(false, "Give the host a name of letters, digits, `-` and `_`, other than local."),
  HOST_ADDRESS_INVALID: code(false, "Give the address as [user@]name, without spaces, quotes or a leading dash."),
  HOST_UNKNOWN: code(false, "List the hosts with `octo hosts list`."),
  HOST_NAME_TAKEN: code(false, "Choose another name, or remove that host first with `octo hosts remove`."),
  HOST_LIMIT: code(false, "Remove a host first with `octo hosts remove`."),
  HOST_IN_USE: code(true, "Wait until its tasks have ended, or cancel them; with --forget they are given up."),
  HOST_NAME_UNRESOLVED: code(true, "Check the spelling, the network or VPN, and `ssh -G ADDRESS`."),
  HOST_UNREACHABLE: code(true, "octo goes on trying; see whether `ssh ADDRESS` gets through."),
  HOST_OTHER_MACHINE: code(
    true,
    "Give the host an address that leads to one machine alone. If the one of before is gone for good, remove the file that the message names, or `octo hosts remove NAME --forget` and add it again.",
  ),
  HOST_LINK_LOST: code(true, "octo connects again by itself; what ran on the host goes on there."),
  HOST_KEY_UNKNOWN: code(false, "Connect once with `ssh ADDRESS`, compare the host key's fingerprint and accept it."),
  HOST_KEY_CHANGED: code(
    false,
    "Find out why the host's key is another one; if that is right, `ssh-keygen -R ADDRESS`, then `ssh ADDRESS`.",
  ),
  HOST_AUTH_REFUSED: code(false, "Put your public key on the host (`ssh-copy-id ADDRESS`); octo gives no password."),
  HOST_AUTH_LOCKED: code(false, "Give the key to an agent with `ssh-add KEY`: octo asks for no passphrase."),
  HOST_CONFIG_BROKEN: code(false, "Mend the line of ~/.ssh/config that the message names."),
  HOST_SSH_MISSING: code(false, "Install OpenSSH's client (`ssh`)."),
  HOST_FORWARD_REFUSED: code(false, "Allow `AllowTcpForwarding local` for your user in the host's sshd_config."),
  HOST_SESSIONS_REFUSED: code(true, "Raise MaxSessions (10 by default) in the host's sshd_config."),
  HOST_SHELL_UNUSABLE: code(false, "Let the shell's start files on the host neither wait, nor ask, nor end non-interactive shells."),
  HOST_COMMAND_TIMEOUT: code(true, "The host did not answer in time; look at its load and its disk."),
  HOST_COMMAND_FAILED: code(true, "Read the host's message."),
  HOST_BUSY: code(true, "Another command holds the lock that the message names; it is tried again."),
  HOST_DISK_FULL: code(true, "Free some disk space on the host."),
  HOST_HOME_READONLY: code(false, "Make the host's folder named in the message writable for you."),
  HOST_GIT_MISSING: code(false, "Install git (2.23 or newer) on the host."),
  HOST_WEZTERM_MISSING: code(false, "Install WezTerm on the host, or let its panes be local (domain none)."),
  HOST_REPOSITORY_UNSUPPORTED: code(
    false,
    "Run this repository's tasks locally: shallow and partial clones, LFS and submodules stay at home.",
  ),
  HOST_PATH_INVALID: code(false, "Map the project to the root of a git repository that exists on the host."),
  // processes
  PROCESS_START_FAILED: code(true, "Look at the machine's limits (`ulimit -a`), memory and disk."),
  PROCESS_TABLE_UNREADABLE: code(true, "See whether `ps` answers; the machine may be overloaded."),
  // bridge and store
  BRIDGE_NOT_RUNNING: code(true, "Start it with `octo up`."),
  BRIDGE_STOPPING: code(true, "Wait until it is down, then `octo up`."),
  BRIDGE_NEWER: code(false, "Update this octo; or, to go back to it all the same, `octo down` first: it cannot read a newer database."),
  BRIDGE_START_FAILED: code(false, "Read the bridge's log named in the message."),
  BRIDGE_TIMEOUT: code(true, "The bridge did not answer in time; see `octo doctor`."),
  STATE_FOLDER_FOREIGN: code(false, "The state folder belongs to another user; set XDG_STATE_HOME to one of your own."),
  STATE_FOLDER_OPEN: code(
    false,
    "See that nothing in the folder is of somebody else, then `chmod 700` it; or set XDG_STATE_HOME and XDG_RUNTIME_DIR to others.",
  ),
  SOCKET_FOREIGN: code(false, "Do not use that socket: set XDG_RUNTIME_DIR to a folder of your own, and see who made it."),
  SOCKET_PATH_TOO_LONG: code(false, "Set XDG_RUNTIME_DIR to a shorter path."),
  STORE_FULL: code(true, "Free some disk space; nothing that was accepted is lost."),
  STORE_CORRUPT: code(false, "The database is kept as it is; move it away to start anew, or restore it."),
  STORE_NEWER: code(false, "This database is of a newer octo; update octo."),
  STORE_FAILED: code(true, "Read the message; check the disk."),
  CONFIG_INVALID: code(false, "Mend the named field of the configuration file."),
  INTERNAL: code(false, "This is a fault in octo; please report it with the bridge's log."),
} as const;

export type ErrorCode = keyof typeof errorCodes;

/** An error as a value: stored, sent and shown. */
export interface ErrorInfo {
  readonly code: ErrorCode;
  /** Names the thing and the value. */
  readonly message: string;
}

/** May the same request succeed later by itself? */
export function isRetryable(error: ErrorInfo): boolean {
  return errorCodes[error.code].retryable;
}

/** The sentence that tells what to do next. */
export function nextStep(error: ErrorInfo): string {
  return errorCodes[error.code].next;
}
