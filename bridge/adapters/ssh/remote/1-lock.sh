# shellcheck shell=sh disable=SC2154 # variables of 1-base.sh and 1-machine.sh
# octo_lock FOLDER: until this command ends. A lock whose owner is dead is taken over.
octo_lock() {
  octo_tries=0
  until mkdir "$1/lock" 2>/dev/null; do
    [ -d "$1/lock" ] || { octo_make "$1" && octo_write "$1/probe" ''; }
    octo_first "$1/lock/owner"
    octo_owner=$octo_read
    octo_stale=false
    if [ -z "$octo_owner" ]; then
      # Just being made, unless it stays so.
      [ "$octo_tries" -ge 20 ] && octo_stale=true
    else
      octo_alive "${octo_owner%% *}" "${octo_owner#* }" || octo_stale=true
    fi
    [ "$octo_stale" = true ] && mv "$1/lock" "$1/lock.dead.$$" 2>/dev/null && rm -rf "$1/lock.dead.$$"
    octo_tries=$((octo_tries + 1))
    [ "$octo_tries" -gt 150 ] && octo_fail HOST_BUSY "$1/lock is held by process ${octo_owner%% *}"
    sleep 0.1
  done
  octo_locked=$1/lock
  trap 'rm -rf "$octo_locked"' EXIT
  octo_find_me
  octo_start_of "$octo_me"
  octo_write "$octo_locked/owner" "$octo_me $octo_started"
}

octo_unlock() {
  rm -rf "$octo_locked"
  trap - EXIT
}

