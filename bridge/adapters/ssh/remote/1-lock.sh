# shellcheck shell=sh disable=SC2154 # variables of 1-base.sh and 1-machine.sh
# octo_lock FOLDER: until this command, or the subshell that calls, ends. A lock is a link, made in one step with its owner for a target:
# "MACHINE LIFE PID START". That of a dead owner is taken over; of a process on another machine with this home nothing is known.
octo_lock() {
  octo_find_me
  octo_start_of "$octo_me"
  octo_mine="$octo_machine $octo_life $octo_me $octo_started"
  octo_tries=0 octo_free=0
  until octo_said=$(ln -s "$octo_mine" "$1/held" 2>&1); do
    octo_owner=$(readlink "$1/held")
    if [ -z "$octo_owner" ]; then
      # Free by now; time and again, and nothing can be written.
      octo_free=$((octo_free + 1))
      [ "$octo_free" -lt 10 ] || octo_fail_write "$1/held" "$octo_said"
    else
      octo_free=0
      octo_is_dead "$octo_owner" && octo_break_lock "$1" "$octo_owner"
    fi
    octo_tries=$((octo_tries + 1))
    [ "$octo_tries" -gt 150 ] && octo_fail HOST_BUSY "$1/held is the lock of another command (machine, boot, process, start): $octo_owner"
    sleep 0.1
  done
  octo_locked=$1/held
  trap 'rm -f "$octo_locked"' EXIT
}

# octo_break_lock FOLDER OWNER: OWNER is dead. Whoever found that may come late, when the lock is another's, so only the one that wrote down
# that it breaks the lock of this owner may do so; when that one is dead too, whoever wrote down the same of it, and so on.
octo_break_lock() {
  octo_breaker=$2
  while octo_next=$(readlink "$1/broken $octo_breaker"); do octo_breaker=$octo_next; done
  if [ "$octo_breaker" != "$octo_mine" ]; then
    octo_is_dead "$octo_breaker" || return 0
    ln -s "$octo_mine" "$1/broken $octo_breaker" 2>/dev/null || return 0
  fi
  [ "$(readlink "$1/held")" = "$2" ] || return 0
  rm -f "$1/held"
  # No owner comes back, so they are of use only to who found it dead.
  find "$1" -name 'broken *' -mtime +1 -exec rm -f {} +
}

# octo_is_dead OWNER
octo_is_dead() {
  octo_rest=${1#* }
  octo_same_machine "${1%% *}" "${octo_rest%% *}" || return 1
  [ "${octo_rest%% *}" = "$octo_life" ] || return 0
  octo_rest=${octo_rest#* }
  ! octo_alive "${octo_rest%% *}" "${octo_rest#* }"
}
