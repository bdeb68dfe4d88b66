# shellcheck shell=sh disable=SC2154 # variables of 1-base.sh
# Which machine this is. Several may share a home behind one address (round-robin DNS), and a host of octo's is one machine: what is
# written in the home about processes says nothing on another one.
#
# The rule. octo_machine is "ID,NAME", octo_life is "BOOT,PROCESSES".
# - The same life is the same machine, whatever it is called by now.
# - Another life of the same ID and NAME is the same machine after a boot (a container: after a start): what ran there is dead.
# - Anything else is another machine. Nothing is known of what runs on the first one, so nothing is done here.
# ID is the machine's own: machine-id(5), on a Mac that of its board. Machines and containers made of one image may share it, so NAME, the
# node's, must fit too; a Mac's board is never copied, and its name changes with the network. Where there is no ID, or "uninitialized", the
# name decides alone. PROCESSES is the namespace of process ids: containers on one kernel have one boot id. When in doubt it is another
# machine: that costs a person a look, the other way a task would run twice.

octo_find_machine() {
  octo_machine=
  for octo_file in /etc/machine-id /var/lib/dbus/machine-id; do
    octo_first "$octo_file"
    case $octo_read in '' | *[!0-9A-Fa-f]*) continue ;; esac
    octo_machine=$octo_read
    break
  done
  octo_nodename=
  # kern.uuid is the kernel's own, one for all Macs of a version.
  [ -n "$octo_machine" ] || octo_machine=$(ioreg -rd1 -c IOPlatformExpertDevice 2>/dev/null | sed -n 's/.*"IOPlatformUUID" = "\([0-9A-Fa-f-]*\)".*/\1/p')
  case $octo_machine in *-*) ;; *) octo_nodename=$(uname -n | tr -cd 'A-Za-z0-9._-') ;; esac
  octo_machine=$octo_machine,$octo_nodename
  octo_processes=
  [ -r /proc/self/ns ] && octo_processes=$(ls -l /proc/self/ns/pid 2>/dev/null)
  octo_life=$octo_boot,${octo_processes##* }
}
octo_find_machine

# octo_same_machine MACHINE LIFE: are they this one's?
octo_same_machine() {
  [ "$1" = "$octo_machine" ] || { [ -n "$octo_boot" ] && [ "$2" = "$octo_life" ]; }
}

# octo_use OWNER HOST: octo_root is the folder of one bridge's things on this host. HOST is the bridge's name of it: two hosts may share a
# home (NFS), or be two ways to one machine, and a sign of life by one is none for what was started by the other. HOST_OTHER_MACHINE.
octo_use() {
  octo_host=${2-}
  octo_root=$HOME/.local/state/octo/hosts/$1
  octo_make "$octo_root"
  # In a subshell: where nothing can be written a host can still be asked how its servers are.
  [ -z "$octo_host" ] || octo_is_noted || (octo_note_machine) >/dev/null
}

# octo_is_noted: is the host this very machine by what is written? HOST_OTHER_MACHINE where it is another.
octo_is_noted() {
  octo_first "$octo_root/machine.$octo_host"
  [ "$octo_read" = "$octo_machine $octo_life" ] && return 0
  [ -z "$octo_read" ] || octo_same_machine "${octo_read%% *}" "${octo_read#* }" ||
    octo_fail HOST_OTHER_MACHINE "this is the machine $octo_machine; the host's servers are on ${octo_read%% *}, says $octo_root/machine.$octo_host"
  return 1
}

octo_note_machine() {
  octo_write "$octo_root/machine.$octo_host" "$octo_machine $octo_life"
}

# octo_meet MACHINE LIFE: says "machine MACHINE LIFE", after a look at what it said at the bridge's last connection: machines may have a home
# each. HOST_OTHER_MACHINE.
octo_meet() {
  [ -z "$1" ] || octo_same_machine "$1" "$2" || octo_fail HOST_OTHER_MACHINE "this is the machine $octo_machine; before the address led to $1"
  printf 'machine %s %s\n' "$octo_machine" "$octo_life"
}
