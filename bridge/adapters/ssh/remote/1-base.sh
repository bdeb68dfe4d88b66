# shellcheck shell=sh disable=SC2034 # used by the other files
# What every command on a host needs. POSIX sh (dash, bash 3.2, busybox); nothing here may need GNU.
# Functions answer in lines on stdout; octo_fail ends the command with "fail CODE message" and exit code 3.

umask 077
unset CDPATH ENV
PATH=$PATH:/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin:/opt/homebrew/bin:$HOME/.local/bin
octo_newline='
'

octo_fail() {
  printf 'fail %s %s\n' "$1" "$(printf '%s' "$2" | tr '\n\r' '  ' | cut -c 1-600)"
  exit 3
}

# octo_serve NONCE: obeys requests from stdin until it ends. A request is a head, lines of script, and the head with a dot.
# What came only in half (a lost link) is never run.
octo_serve() {
  printf '\n%s ready\n' "$1"
  printf '\n%s ready\n' "$1" >&2
  while IFS= read -r octo_head; do
    case $octo_head in
      *' ping')
        printf '\n%s 0\n' "$octo_head"
        printf '\n%s\n' "$octo_head" >&2
        continue
        ;;
    esac
    octo_text=
    while :; do
      IFS= read -r octo_line || exit 0
      [ "$octo_line" = "$octo_head." ] && break
      octo_text=$octo_text$octo_line$octo_newline
    done
    case $octo_head in
      # The rest of stdin is the command's, its stdout is raw to the end.
      *' stream')
        (eval "$octo_text")
        printf '\n%s %s\n' "$octo_head" "$?" >&2
        exit 0
        ;;
    esac
    (eval "$octo_text") </dev/null
    printf '\n%s %s\n' "$octo_head" "$?"
    printf '\n%s\n' "$octo_head" >&2
  done
}

# octo_make FOLDER
octo_make() {
  [ -d "$1" ] && return 0
  octo_said=$(mkdir -p "$1" 2>&1) || octo_fail_write "$1" "$octo_said"
}

# octo_fail_write PATH MESSAGE
octo_fail_write() {
  case $2 in
    # dash's printf says no more than "I/O error".
    *'o space left'* | *'uota exceeded'* | *'I/O error'*) octo_fail HOST_DISK_FULL "$1: $2" ;;
    *) octo_fail HOST_HOME_READONLY "$1: $2" ;;
  esac
}

# octo_write FILE TEXT: whole or not at all.
octo_write() {
  octo_said=$( (printf '%s\n' "$2" >"$1.new.$$" && mv -f "$1.new.$$" "$1") 2>&1) && return 0
  rm -f "$1.new.$$"
  octo_fail_write "$1" "$octo_said"
}

# The following answer in a variable, not on stdout: what runs each second must not fork.

# octo_first FILE: octo_read is its first line; empty where there is none.
octo_first() {
  octo_read=
  { IFS= read -r octo_read <"$1"; } 2>/dev/null
  return 0
}

# octo_boot names this boot of the machine. Sources as in adapters/process/boot-id.ts.
octo_find_boot() {
  octo_first /proc/sys/kernel/random/boot_id
  octo_boot=$octo_read
  [ -n "$octo_boot" ] || octo_boot=$(sysctl -n kern.bootsessionuuid 2>/dev/null || sysctl -n kern.boottime | tr -cd '0-9A-Za-z')
}
octo_find_boot

# octo_time: seconds of a clock that counts sleep and does not follow the wall clock where there is one. A test puts its own in
# OCTO_CLOCK_FILE.
octo_now() {
  octo_first "${OCTO_CLOCK_FILE:-/proc/uptime}"
  octo_time=${octo_read%%.*}
  [ -n "$octo_time" ] || octo_time=$(date +%s)
}

# octo_start_of PID: octo_started is when the process began, as text to compare; empty for one that is gone or a zombie.
octo_start_of() {
  octo_started=
  if [ -r /proc/self/stat ]; then
    { IFS= read -r octo_stat <"/proc/$1/stat"; } 2>/dev/null || return 0
    # shellcheck disable=SC2086 # fields
    set -- ${octo_stat##*) }
    case $1 in Z | X | x) return 0 ;; esac
    octo_started=${20}
  else
    octo_stat=$(LC_ALL=C TZ=UTC ps -o stat= -o lstart= -p "$1" 2>/dev/null) || return 0
    # shellcheck disable=SC2086 # fields
    set -- $octo_stat
    case $1 in '' | Z* | X*) return 0 ;; esac
    shift
    octo_started=$*
  fi
}

# octo_alive PID START
octo_alive() {
  [ -n "$1" ] || return 1
  octo_start_of "$1"
  [ -n "$octo_started" ] && [ "$octo_started" = "$2" ]
}

# octo_me: the pid of this very (sub)shell, which $$ does not tell.
octo_find_me() {
  octo_me=$(exec sh -c 'echo "$PPID"')
}

# octo_marked NAME VALUE: pids of processes of this user that began with NAME=VALUE in their environment.
octo_marked() {
  if [ -r /proc/self/environ ]; then
    grep -lF -- "$1=$2" /proc/[0-9]*/environ 2>/dev/null | while IFS= read -r octo_file; do
      # The other way to read it as a part of something longer.
      tr '\0' '\n' <"$octo_file" 2>/dev/null | grep -qxF -- "$1=$2" || continue
      octo_pid=${octo_file#/proc/}
      printf '%s\n' "${octo_pid%/environ}"
    done
  else
    # macOS: -E adds the environment behind the command.
    ps -A -E -ww -o pid= -o command= 2>/dev/null | OCTO_ENTRY=" $1=$2 " awk 'index($0 " ", ENVIRON["OCTO_ENTRY"]) { print $1 }'
  fi
}

# Lines "pid parent group" of what lives.
octo_table() {
  if [ -r /proc/self/stat ]; then
    for octo_file in /proc/[0-9]*/stat; do
      { IFS= read -r octo_stat <"$octo_file"; } 2>/dev/null || continue
      octo_pid=${octo_file#/proc/}
      # shellcheck disable=SC2086 # fields
      set -- ${octo_stat##*) }
      case $1 in Z | X | x) continue ;; esac
      printf '%s %s %s\n' "${octo_pid%/stat}" "$2" "$3"
    done
  else
    ps -A -o pid= -o ppid= -o pgid= -o stat= | awk '$4 !~ /^[ZX]/ { print $1, $2, $3 }'
  fi
}

# octo_family PID…: their children, the children's and so on.
octo_family() {
  octo_table | awk -v roots="$*" '
    { parent[$1] = $2 }
    END {
      split(roots, list, " ")
      for (i in list) inside[list[i]] = 1
      for (found = 1; found;) {
        found = 0
        for (pid in parent) if (!(pid in inside) && (parent[pid] in inside)) { inside[pid] = 1; found = 1; print pid }
      }
    }'
}

# octo_login_environment: the environment of the user's login shell, as a terminal's would be: ssh's own lacks PATH entries and keys.
# Chatter is cut off; a shell that asks, hangs (10 s) or fails changes nothing.
octo_login_environment() {
  [ -x "${SHELL:-}" ] || return 0
  octo_mark=octo_mark_$$
  octo_file=$octo_root/login.$$
  : >"$octo_file" || return 0
  # shellcheck disable=SC2016 # for the inner shell
  (OCTO_CAPTURES_ENVIRONMENT=1 exec "$SHELL" -l -i -c "sh -c 'echo; echo $octo_mark; export -p; echo $octo_mark'" </dev/null >"$octo_file" 2>/dev/null) &
  octo_pid=$!
  octo_tries=0
  while kill -0 "$octo_pid" 2>/dev/null && [ "$octo_tries" -lt 100 ] && [ "$(grep -cx "$octo_mark" "$octo_file")" -lt 2 ]; do
    octo_tries=$((octo_tries + 1))
    sleep 0.1
  done
  octo_text=$(awk -v mark="$octo_mark" '$0 == mark { inside = !inside; next } inside' "$octo_file")
  if [ "$(grep -cx "$octo_mark" "$octo_file")" -lt 2 ]; then
    octo_text=
    # It and what it waits for: an interactive shell takes no SIGTERM.
    # shellcheck disable=SC2046 # pids
    kill -s KILL "$octo_pid" $(octo_family "$octo_pid") 2>/dev/null
  else
    kill "$octo_pid" 2>/dev/null
  fi
  rm -f "$octo_file"
  octo_home=$HOME
  eval "$octo_text"
  HOME=$octo_home
  unset SHLVL OLDPWD OCTO_CAPTURES_ENVIRONMENT
}
