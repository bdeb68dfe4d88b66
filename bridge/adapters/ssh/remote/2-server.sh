# shellcheck shell=sh disable=SC2154,SC2119,SC2120 # variables of 1-base.sh and of the launcher; set --
# OpenCode servers of one bridge on a host. Each has a folder with its state file, and a keeper.

# octo_instance ID: octo_dir, and of the latest start: octo_was_{incarnation,pid,start,boot,port,version}.
octo_instance() {
  octo_dir=$octo_root/instances/$1
  octo_was_incarnation=0 octo_was_pid='' octo_was_start='' octo_was_boot=''
  octo_was_port='' octo_was_version=''
  [ -r "$octo_dir/state" ] || return 0
  while IFS='=' read -r octo_name octo_value; do
    case $octo_name in
      incarnation) octo_was_incarnation=$octo_value ;;
      pid) octo_was_pid=$octo_value ;;
      start) octo_was_start=$octo_value ;;
      boot) octo_was_boot=$octo_value ;;
      port) octo_was_port=$octo_value ;;
      version) octo_was_version=$octo_value ;;
    esac
  done <"$octo_dir/state"
}

# Does the server of the state file live?
octo_was_alive() {
  [ "$octo_was_boot" = "$octo_boot" ] && octo_alive "$octo_was_pid" "$octo_was_start"
}

octo_say_server() {
  printf 'server %s %s %s %s\n' "$octo_was_pid" "$octo_was_boot" "$octo_was_port" "$octo_was_start"
}

# octo_free_port PORT…: octo_port is the first on which nobody listens; false when there is none.
octo_free_port() {
  if [ -r /proc/net/tcp ]; then
    octo_listening=$(awk '$4 == "0A" { sub(/.*:/, "", $2); print $2 }' /proc/net/tcp /proc/net/tcp6 2>/dev/null)
  else
    octo_listening=$(netstat -an -p tcp 2>/dev/null | awk '$NF == "LISTEN" { sub(/.*[.]/, "", $4); printf "%04X\n", $4 }')
  fi
  for octo_port in "$@"; do
    printf '%s\n' "$octo_listening" | grep -qx "$(printf '%04X' "$octo_port")" || return 0
  done
  return 1
}

octo_choose_port() {
  octo_free_port "$@" || octo_fail PORT_TAKEN "somebody listens on each of the ports $*"
  printf 'port %s\n' "$octo_port"
}

# octo_launch ID INCARNATION PORT FENCE: says the server. The same again says the same server: it is never started twice. octo_secrets holds
# lines of sh for the keeper: octo_password, octo_command, octo_database, octo_environment(), octo_forget_environment().
octo_launch() {
  octo_make "$octo_root/instances/$1/empty"
  # First: another machine with this home must find it.
  [ -z "$octo_host" ] || octo_is_noted || octo_note_machine
  octo_lock "$octo_root/instances/$1"
  octo_instance "$1"
  if [ "$octo_was_incarnation" -eq "$2" ]; then
    octo_was_alive && { octo_say_server; return 0; }
    octo_fail INSTANCE_EXITED "start $2 of $1 is over already"
  fi
  octo_first "$octo_dir/swept"
  if [ "$octo_was_incarnation" -gt "$2" ] || [ "${octo_read:-0}" -ge "$2" ]; then
    octo_fail PROCESS_START_FAILED "start $2 of $1 came late: it was given up already"
  fi
  octo_end_leftovers "$1" "$octo_was_incarnation" 0
  octo_free_port "$3" || octo_fail PORT_TAKEN "somebody listens on port $3 of the host"
  for octo_log in stdout stderr; do mv -f "$octo_dir/$octo_log.log" "$octo_dir/$octo_log.log.old" 2>/dev/null; done
  rm -f "$octo_dir/exit" "$octo_dir/failed" "$octo_dir/state"
  # Before the server: the link may be lost before the first pulse.
  octo_write "$octo_root/fence.$octo_host" "$4"
  octo_keeper='nohup'
  command -v setsid >/dev/null 2>&1 && octo_keeper='setsid'
  # The program and the secrets go by a pipe: nothing of them is in arguments or files.
  printf '%s\n%s\nocto_root=%s octo_host=%s\nocto_keep "$@"\nexit\n' "$octo_program" "$octo_secrets" "'$(octo_quote "$octo_root")'" \
    "'$octo_host'" |
    $octo_keeper sh -s "$1" "$2" "$3" >/dev/null 2>&1 &
  octo_wait_started "$1" "$2" "$!"
}

octo_quote() {
  printf '%s' "$1" | sed "s/'/'\\\\''/g"
}

# octo_wait_started ID INCARNATION KEEPER: a login shell that hangs costs 10 s.
octo_wait_started() {
  octo_tries=0
  while [ "$octo_tries" -lt 200 ]; do
    # Before the files: what a keeper writes it writes before it ends.
    kill -0 "$3" 2>/dev/null || octo_tries=199
    if [ -s "$octo_dir/failed" ]; then
      IFS=' ' read -r octo_code octo_said <"$octo_dir/failed"
      octo_fail "$octo_code" "$octo_said"
    fi
    octo_instance "$1"
    [ "$octo_was_incarnation" -eq "$2" ] && { octo_say_server; return 0; }
    octo_tries=$((octo_tries + 1))
    sleep 0.1
  done
  octo_fail PROCESS_START_FAILED "start $2 of $1: its keeper ended, or did not begin within 20 s"
}

# octo_adopt ID INCARNATION: the living server of this start, or "none".
octo_adopt() {
  [ -d "$octo_root/instances/$1" ] || { echo none; return; }
  octo_lock "$octo_root/instances/$1"
  octo_instance "$1"
  if [ "$octo_was_incarnation" -eq "$2" ] && octo_was_alive; then octo_say_server; else echo none; fi
}

# octo_is_alive ID PID BOOT START
octo_is_alive() {
  if [ "$3" = "$octo_boot" ] && octo_alive "$2" "$4"; then echo alive; else echo gone; fi
}

# octo_version ID INCARNATION VERSION: noted once the bridge knows it.
octo_version() {
  octo_lock "$octo_root/instances/$1"
  octo_instance "$1"
  [ "$octo_was_incarnation" -eq "$2" ] && [ -z "$octo_was_version" ] && octo_write "$octo_dir/state" "$(cat "$octo_dir/state")
version=$3"
  return 0
}

# octo_stop ID INCARNATION GRACE: SIGTERM, after GRACE seconds SIGKILL, then all that is left; says "swept". A start that comes later finds
# the number here and is refused.
octo_stop() {
  octo_make "$octo_root/instances/$1"
  octo_lock "$octo_root/instances/$1"
  octo_write "$octo_root/instances/$1/swept" "$2"
  octo_end_leftovers "$1" "$2" "$3"
  echo swept
}

# octo_end_leftovers ID INCARNATION GRACE: the server, its group, its tools (they have groups of their own). INSTANCE_LEFTOVERS.
octo_end_leftovers() {
  octo_instance "$1"
  octo_known=''
  if [ "$octo_was_incarnation" -eq "$2" ] && octo_was_alive; then
    # Before the kill: afterwards nothing ties them to it.
    octo_know "$octo_was_pid" "$(octo_family "$octo_was_pid")"
    kill -s TERM -- "-$octo_was_pid" 2>/dev/null
    # A stopped process takes SIGTERM only when it goes on.
    kill -s CONT -- "-$octo_was_pid" 2>/dev/null
    octo_tries=0
    while [ "$octo_tries" -lt "$(($3 * 10))" ] && octo_alive "$octo_was_pid" "$octo_was_start"; do
      octo_tries=$((octo_tries + 1))
      sleep 0.1
    done
    octo_know '' "$(octo_family "$octo_was_pid")"
    octo_alive "$octo_was_pid" "$octo_was_start" && kill -s KILL -- "-$octo_was_pid" 2>/dev/null
  fi
  octo_round=0 octo_empty=0
  while [ "$octo_round" -lt 60 ]; do
    octo_left=$(octo_leftovers "$2")
    # One look does not see a child whose parent ended before the look came to it.
    [ -n "$octo_left" ] || octo_empty=$((octo_empty + 1))
    [ "$octo_empty" -eq 2 ] && return 0
    [ -n "$octo_left" ] || continue
    octo_empty=0
    octo_know "$octo_left" "$(octo_family "$octo_left")"
    octo_signal=KILL
    [ "$octo_round" -lt 5 ] && octo_signal=TERM
    for octo_pid in $octo_left; do
      kill -s "$octo_signal" "$octo_pid" 2>/dev/null
      [ "$octo_signal" = TERM ] && kill -s CONT "$octo_pid" 2>/dev/null
    done
    octo_round=$((octo_round + 1))
    sleep 0.2
  done
  octo_fail INSTANCE_LEFTOVERS "processes $octo_left live on after SIGKILL"
}

# octo_know PIDS…: adds those that live to octo_known, a list of lines "pid start".
octo_know() {
  # shellcheck disable=SC2048 # words of words
  for octo_pid in $*; do
    octo_start_of "$octo_pid"
    [ -n "$octo_started" ] && octo_known="$octo_known$octo_pid $octo_started$octo_newline"
  done
}

# octo_leftovers INCARNATION: the pids of what of this start still lives: by its marks, by its group, and those known from before.
octo_leftovers() {
  {
    octo_marked OCTO_INSTANCE "$octo_dir:$1"
    if [ "$octo_was_incarnation" -eq "$1" ] && [ "$octo_was_boot" = "$octo_boot" ]; then
      octo_start_of "$octo_was_pid"
      # Another process with its pid may have children of its own by now.
      if [ -z "$octo_started" ] || [ "$octo_started" = "$octo_was_start" ]; then
        octo_marked OPENCODE_PID "$octo_was_pid"
        octo_table | awk -v group="$octo_was_pid" '$3 == group { print $1 }'
      fi
    fi
    printf '%s' "$octo_known" | while IFS=' ' read -r octo_pid octo_begun; do
      octo_alive "$octo_pid" "$octo_begun" && printf '%s\n' "$octo_pid"
    done
  } | sort -un | while IFS= read -r octo_pid; do
    octo_start_of "$octo_pid"
    [ -n "$octo_started" ] && printf '%s ' "$octo_pid"
  done
}

# octo_stderr ID BYTES: the end of its stderr; the first line says whether it was cut.
octo_stderr() {
  octo_file=$octo_root/instances/$1/stderr.log
  [ -r "$octo_file" ] || { echo whole; return 0; }
  if [ "$(wc -c <"$octo_file")" -gt "$2" ]; then echo cut; else echo whole; fi
  tail -c "$2" "$octo_file"
}
