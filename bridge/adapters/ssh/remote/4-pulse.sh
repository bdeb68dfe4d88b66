# shellcheck shell=sh disable=SC2154 # variables of 1-base.sh and 2-server.sh
# What the bridge asks each host every two seconds. Forks little: with 50 servers it must cost nothing.

# octo_pulse FENCE SEEN: figures of the host, how each server is, and the sign of life that the fence waits for (FENCE: its limit in
# seconds, 0 for none). SEEN is this host's time as the bridge heard it last: a request that comes late, when the bridge has long given
# the host up, says so by it and lengthens no life.
octo_pulse() {
  octo_now
  octo_sign ".$octo_host" "$1" "$2"
  # Servers that an older octo started look there.
  [ ! -e "$octo_root/fence" ] || octo_sign '' "$1" "$2"
  printf 'time %s\n' "$octo_time"
  octo_figures
  for octo_file in "$octo_root"/instances/*/state; do
    [ -r "$octo_file" ] || continue
    octo_file=${octo_file%/state}
    octo_instance "${octo_file##*/}"
    octo_say_how "${octo_file##*/}"
  done
}

# octo_sign SUFFIX FENCE SEEN
octo_sign() {
  octo_first "$octo_root/heartbeat$1"
  case $3 in
    '' | *[!0-9]*) ;;
    # In a subshell: how the servers are is told also while the disk is full. Without a sign the fence ends them; that is told too.
    *) if [ "$3" -le "$octo_time" ] && [ "$3" != "$octo_read" ]; then (octo_write "$octo_root/heartbeat$1" "$3") >/dev/null; fi ;;
  esac
  octo_first "$octo_root/fence$1"
  [ "$octo_read" = "$2" ] || octo_write "$octo_root/fence$1" "$2"
}

octo_say_how() {
  if octo_was_alive; then
    octo_usage "$octo_was_pid"
    octo_how="alive $octo_rss $octo_cpu"
  else
    octo_first "$octo_dir/exit"
    octo_how=gone
    [ "${octo_read%% *}" = "$octo_was_incarnation" ] && octo_how="exit ${octo_read#* }"
  fi
  printf 'instance %s %s %s %s %s %s\n' "$1" "$octo_was_incarnation" "$octo_was_pid" "$octo_was_boot" "$octo_how" "$octo_was_start"
}

# octo_usage PID: octo_rss in KiB, octo_cpu in ms (USER_HZ is 100 everywhere: time(7)).
octo_usage() {
  octo_rss=0 octo_cpu=0
  if [ -r /proc/self/stat ]; then
    # shellcheck disable=SC2086 # fields
    set -- ${octo_stat##*) }
    octo_cpu=$(((${12} + ${13}) * 10))
    while read -r octo_name octo_value _; do
      [ "$octo_name" = VmRSS: ] && { octo_rss=$octo_value; break; }
    done <"/proc/$octo_was_pid/status"
  else
    octo_stat=$(ps -o rss= -o time= -p "$1" 2>/dev/null)
    octo_rss=${octo_stat%% [0-9]*:*}
    octo_rss=${octo_rss##* }
    octo_cpu=$(printf '%s' "${octo_stat##* }" | awk -F'[:.]' '{ print (($1 * 60 + $2) * 100 + $3) * 10 }')
  fi
} 2>/dev/null

# "host LOAD CORES FREE_KIB TOTAL_KIB DISK_KIB EPOCH"
octo_figures() {
  octo_cores=$(getconf _NPROCESSORS_ONLN 2>/dev/null || echo 1)
  if [ -r /proc/meminfo ]; then
    octo_first /proc/loadavg
    octo_load=${octo_read%% *} octo_free=0 octo_total=0
    while read -r octo_name octo_value _; do
      case $octo_name in
        MemTotal:) octo_total=$octo_value ;;
        MemAvailable:) octo_free=$octo_value; break ;;
      esac
    done </proc/meminfo
  else
    octo_load=$(sysctl -n vm.loadavg | awk '{ print $2 }')
    octo_total=$(($(sysctl -n hw.memsize) / 1024))
    octo_free=$(vm_stat | awk '/page size/ { size = $8 } /Pages (free|inactive|speculative|purgeable)/ { sub(/[.]/, "", $NF); pages += $NF }
      END { print int(pages * size / 1024) }')
  fi
  octo_disk=$(df -Pk "$octo_root" 2>/dev/null | awk 'NR == 2 { print $4 }')
  printf 'host %s %s %s %s %s %s\n' "$octo_load" "$octo_cores" "$octo_free" "$octo_total" "${octo_disk:-0}" "$(date +%s)"
}
