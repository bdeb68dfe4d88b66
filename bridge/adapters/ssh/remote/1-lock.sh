# shellcheck shell=sh disable=SC2154 # variables of 1-base.sh and 1-machine.sh
# octo_lock FOLDER: until this command, or the subshell that calls, ends. A lock is a link, made in one step with its owner for a target:
# "MACHINE LIFE PID START". That of a dead owner is taken over; of a process on another machine with this home nothing is known.
octo_lock() {
  octo_find_me
  octo_start_of "$octo_me"
  octo_mine="$octo_machine $octo_life $octo_me $octo_started"
  octo_tries=0
  until ln -s "$octo_mine" "$1/held" 2>/dev/null; do
    octo_owner=$(readlink "$1/held")
    if [ -z "$octo_owner" ]; then
      # Free by now, or nothing can be written.
      octo_make "$1" && octo_write "$1/probe" ''
    elif octo_is_dead "$octo_owner"; then
      octo_break_lock "$1" "$octo_owner"
    fi
    octo_tries=$((octo_tries + 1))
    [ "$octo_tries" -gt 150 ] && octo_fail HOST_BUSY "$1/held is the lock of another command (machine, boot, process, start): $octo_owner"
    sleep 0.1
  done
  octo_locked=$1/held
  trap 'rm -f "$octo_locked"' EXIT
}

# octo_break_lock FOLDER OWNER: of several that found OWNER dead only one breaks its lock, and looks again first: it may be another's by now.
octo_break_lock() {
  if ln -s "$octo_mine" "$1/breaking" 2>/dev/null; then
    [ "$(readlink "$1/held")" = "$2" ] && rm -f "$1/held"
    rm -f "$1/breaking"
    return 0
  fi
  # Who died at it.
  octo_owner=$(readlink "$1/breaking")
  [ -n "$octo_owner" ] && octo_is_dead "$octo_owner" && rm -f "$1/breaking"
  return 0
}

# octo_is_dead OWNER
octo_is_dead() {
  octo_rest=${1#* }
  octo_same_machine "${1%% *}" "${octo_rest%% *}" || return 1
  [ "${octo_rest%% *}" = "$octo_life" ] || return 0
  octo_rest=${octo_rest#* }
  ! octo_alive "${octo_rest%% *}" "${octo_rest#* }"
}
