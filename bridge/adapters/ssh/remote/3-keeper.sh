# shellcheck shell=sh disable=SC2154,SC2119,SC2120 # variables of 1-base.sh, of 2-server.sh and of the launcher; set --
# The keeper of a server on a host: a small detached sh, its parent. It writes down how the server ends, and is the fence: it ends the server
# when the bridge gives no sign.

# octo_keep ID INCARNATION PORT: the keeper. Lives as long as its server.
octo_keep() {
  trap '' HUP
  exec </dev/null
  octo_dir=$octo_root/instances/$1
  octo_login_environment
  octo_environment
  octo_find_opencode
  # Keys are the server's alone: the keeper lives as long as it does, and starts programs all the time.
  octo_forget_environment
  [ -n "$octo_command" ] || { octo_write "$octo_dir/failed" "OPENCODE_MISSING $octo_said"; exit 1; }
  # In a subshell: panes are not worth a server.
  (octo_note_program) >/dev/null 2>&1
  octo_drop_dead_locks
  cd "$octo_dir/empty" || exit 1
  # A slow login shell: whoever waited for this start may have given it up, and swept.
  octo_first "$octo_dir/swept"
  [ "${octo_read:-0}" -lt "$2" ] || exit 1
  # shellcheck disable=SC2154,SC2086 # from the secrets; words
  eval "set -- \"\$1\" \"\$2\" \"\$3\" $octo_command"
  octo_id=$1 octo_incarnation=$2 octo_port=$3
  shift 3
  # A group of its own, as a local server has. Without setsid job control makes one.
  octo_group='setsid'
  command -v setsid >/dev/null 2>&1 || { octo_group='' && set -m; }
  (octo_become_server "$@") >>"$octo_dir/stdout.log" 2>>"$octo_dir/stderr.log" &
  octo_server=$!
  set +m
  octo_forget_keys
  octo_start_of "$octo_server"
  octo_begun=$octo_started
  # In a subshell: where nothing can be written no server may be left.
  (octo_write "$octo_dir/state" "incarnation=$octo_incarnation
pid=$octo_server
start=$octo_begun
boot=$octo_boot
port=$octo_port") || kill -KILL "$octo_server"
  octo_keep_fence "$octo_id" "$octo_incarnation" "$octo_server" "$octo_begun" &
  wait "$octo_server"
  octo_write "$octo_dir/exit" "$octo_incarnation $?"
  wait
}

# octo_become_server COMMAND...: becomes the server.
octo_become_server() {
  octo_environment
  unset OPENCODE OPENCODE_PID
  [ -n "$octo_database" ] && { OPENCODE_DB=$octo_dir/opencode.db; export OPENCODE_DB; }
  # shellcheck disable=SC2154 # from the secrets
  OPENCODE_SERVER_PASSWORD=$octo_password
  OPENCODE_SERVER_USERNAME=opencode OPENCODE_DISABLE_AUTOUPDATE=1 OCTO_INSTANCE=$octo_dir:$octo_incarnation
  export OPENCODE_SERVER_PASSWORD OPENCODE_SERVER_USERNAME OPENCODE_DISABLE_AUTOUPDATE OCTO_INSTANCE
  exec $octo_group "$@" serve --hostname 127.0.0.1 --port "$octo_port"
}

# octo_forget_keys: what the login shell exports under the name of a key. Builtins alone: a program would get them.
octo_forget_keys() {
  octo_names=$(export -p)
  octo_separators=$IFS
  set -f
  IFS='
'
  for octo_name in $octo_names; do
    octo_name=${octo_name#export }
    octo_name=${octo_name#declare -x }
    octo_name=${octo_name%%=*}
    case $octo_name in
      '' | [0-9]* | *[!A-Za-z0-9_]*) ;;
      *KEY | *TOKEN | *SECRET* | *PASSWORD* | *PASSWD* | *PASSPHRASE* | *CREDENTIAL*) unset "$octo_name" ;;
    esac
  done
  IFS=$octo_separators
  set +f
}

# octo_find_opencode: octo_command is words for eval; empty, with octo_said, where there is none.
octo_find_opencode() {
  if [ -n "$octo_command" ]; then
    eval "set -- $octo_command"
    command -v "$1" >/dev/null 2>&1 && return 0
    octo_said="$1 is no program on this host"
    octo_command=
    return 0
  fi
  for octo_place in "$(command -v opencode)" "$HOME/.opencode/bin/opencode" "$HOME/.local/bin/opencode" "$HOME/.bun/bin/opencode" \
    "$HOME/.npm-global/bin/opencode" /usr/local/bin/opencode /opt/homebrew/bin/opencode; do
    case $octo_place in /*) ;; *) continue ;; esac
    [ -x "$octo_place" ] || continue
    octo_command="'$(octo_quote "$octo_place")'"
    return 0
  done
  octo_said="no opencode on the PATH of the login shell ($PATH), nor in ~/.opencode/bin, ~/.local/bin, ~/.bun/bin"
}

# Locks of dead processes: with one of them a first prompt took 59 s (seen).
octo_drop_dead_locks() {
  for octo_file in "${XDG_STATE_HOME:-$HOME/.local/state}"/opencode/locks/*.lock/meta.json; do
    [ -r "$octo_file" ] || continue
    grep -q "\"hostname\": *\"$(uname -n)\"" "$octo_file" || continue
    octo_pid=$(sed -n 's/.*"pid": *\([0-9][0-9]*\).*/\1/p' "$octo_file")
    [ -n "$octo_pid" ] || continue
    octo_start_of "$octo_pid"
    [ -z "$octo_started" ] || continue
    octo_file=${octo_file%/meta.json}
    mv "$octo_file" "$octo_file.dead.$$" 2>/dev/null && rm -rf "$octo_file.dead.$$"
  done
}

# octo_keep_fence ID INCARNATION PID START: each second; ends with the server, and what that leaves. The limit is in seconds in $octo_root/fence.HOST
# (0: none), the last sign of the bridge in $octo_root/heartbeat.HOST as seconds of octo_now. A clock that stands still or jumps back is outrun by counting.
octo_keep_fence() {
  octo_seen='' octo_silent=0
  octo_now
  octo_born=$octo_time
  while octo_alive "$3" "$4"; do
    sleep 1
    octo_first "$octo_root/fence.$octo_host"
    octo_limit=$octo_read
    octo_first "$octo_root/heartbeat.$octo_host"
    octo_beat=$octo_read
    if [ "$octo_beat" = "$octo_seen" ]; then octo_silent=$((octo_silent + 1)); else octo_seen=$octo_beat octo_silent=0; fi
    case $octo_limit in '' | 0 | *[!0-9]*) octo_silent=0; continue ;; esac
    octo_now
    # The last sign may be older than the server.
    case $octo_beat in '' | *[!0-9]*) octo_beat=$octo_born ;; esac
    [ "$octo_beat" -ge "$octo_born" ] || octo_beat=$octo_born
    octo_age=$((octo_time - octo_beat))
    [ "$octo_age" -ge "$octo_limit" ] || [ "$octo_silent" -ge "$octo_limit" ] || continue
    # In a subshell: on a full disk the server ends all the same, since its tasks will run elsewhere.
    (octo_write "$octo_dir/fenced" "$2 $(date +%s)")
    printf 'octo: no sign of the bridge for %s s: this server ends (fence)\n' "$octo_limit" >>"$octo_dir/stderr.log"
    octo_dispose
    octo_end_leftovers "$1" "$2" 2
    return
  done
  # It ended by itself. Its tools are in groups of their own and would go on, while the bridge, which may be away, moves its tasks.
  octo_end_leftovers "$1" "$2" 0
}

# Aborts all turns: their messages are final then. Where the host has neither curl nor wget, the end of the server does it.
octo_dispose() {
  octo_url=http://127.0.0.1:$octo_port/global/dispose
  # Those of the login shell: the password is for this machine alone.
  unset http_proxy all_proxy ALL_PROXY
  if command -v curl >/dev/null 2>&1; then
    printf 'user = "opencode:%s"\n' "$octo_password" | curl -q -K - -s -m 5 -o /dev/null -X POST "$octo_url"
  elif command -v wget >/dev/null 2>&1; then
    octo_file=$octo_dir/wgetrc
    printf 'user=opencode\npassword=%s\n' "$octo_password" >"$octo_file"
    WGETRC=$octo_file wget -q -T 5 -t 1 -O /dev/null --auth-no-challenge --post-data= "$octo_url" 2>/dev/null
    rm -f "$octo_file"
  fi
}
