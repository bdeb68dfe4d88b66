#!/bin/sh
# The thin view of one instance or task: curl draws what the bridge paints, dd reads keys, Enter runs the real OpenCode on the selected
# session. POSIX sh, with options that GNU and BSD programs share.
# usage: octo-pane.sh [-t] SOCKET TARGET [GUI]     (-t: begin with OpenCode's own TUI)
set -u
umask 077

view=thin
[ "${1-}" = -t ] && { view=tui; shift; }
socket=${1:?octo-pane.sh: the socket of the bridge is missing}
target=${2:?octo-pane.sh: an id of an instance or task is missing}
gui=${3-}

[ -t 0 ] && [ -t 1 ] || { echo "octo: a pane needs a terminal for input and output" >&2; exit 2; }
exec 3<&0

name=pane-$$-$PPID
colours=1
[ -n "${NO_COLOR-}" ] && colours=0
[ "${TERM-dumb}" = dumb ] && colours=0
place=
[ -n "$gui" ] && [ -n "${WEZTERM_PANE-}" ] && place="&gui=$gui&pane=$WEZTERM_PANE"
keys=${socket%/*}/$name.keys
saved=
draw_pid=
key_pid=

ask() { # ASK SECONDS PATH [CURL OPTION...]: what the bridge answers
  seconds=$1 path=$2
  shift 2
  curl -q -sf --noproxy '*' --max-time "$seconds" --unix-socket "$socket" "$@" "http://octo$path"
}

# Runs in the background until it is ended; draws again at every change of the terminal's size, and when the bridge is back.
draw() {
  curl_pid= pause_pid= resized=
  # Nothing of it may be drawn any more once it has ended.
  trap 'kill $curl_pid $pause_pid 2>/dev/null; wait; exit 0' TERM HUP
  trap 'resized=1; kill $curl_pid $pause_pid 2>/dev/null' WINCH
  trap '' INT
  while :; do
    resized=
    size=$(stty size <&3 2>/dev/null) || exit 0
    # A terminal that does not know its size.
    case $size in 0\ * | *\ 0) size="24 80" ;; esac
    # -q, --noproxy: nothing of the person's own curl settings is for this.
    curl -q -sfN --noproxy '*' --unix-socket "$socket" \
      "http://octo/v1/pane/screen?screen=$name&target=$target&columns=${size#* }&rows=${size% *}&colours=$colours$place" 2>/dev/null &
    curl_pid=$!
    # A size that changed while curl was being started.
    [ -n "$resized" ] && kill $curl_pid 2>/dev/null
    wait $curl_pid
    code=$?
    # A signal ended the wait, not curl.
    [ -n "$resized" ] && wait $curl_pid
    curl_pid=
    [ -n "$resized" ] && continue
    [ "$code" = 22 ] && say "the bridge refuses this pane: is it of another version? (q closes)" || say "the bridge is away; waiting for it (q closes)"
    sleep 1 &
    pause_pid=$!
    wait $pause_pid
    pause_pid=
  done
}

say() { # on the first row, over whatever is there
  printf '\033[1;1H\033[0mocto: %s\033[K' "$1"
}

begin() { # the screen is ours
  # The other screen, no cursor, pastes marked.
  printf '\033[?1049h\033[2J\033[?25l\033[?2004h'
  draw &
  draw_pid=$!
  [ -n "$saved" ] || saved=$(stty -g <&3)
  # No suspending either: it would leave the terminal in this state.
  stty -icanon -echo min 1 time 0 susp undef quit undef <&3
}

end() { # the terminal as it was
  [ -n "$draw_pid" ] && kill "$draw_pid" 2>/dev/null && wait "$draw_pid" 2>/dev/null
  draw_pid=
  printf '\033[?2026l\033[?2004l\033[?7h\033[?25h\033[0m\033[?1049l'
  [ -n "$saved" ] && stty "$saved" <&3 2>/dev/null
}

leave() {
  trap '' HUP INT TERM
  trap - EXIT
  [ -n "$key_pid" ] && kill "$key_pid" 2>/dev/null
  end
  rm -f "$keys"
  exit "$1"
}

attach() { # OpenCode on the selected session, until the person leaves it
  url= password= directory= session=
  found=$(ask 20 "/v1/pane/attach?target=$target&screen=$name")
  set --
  while IFS= read -r line; do
    case $line in
      command=*) set -- "$@" "${line#*=}" ;;
      url=*) url=${line#*=} ;;
      password=*) password=${line#*=} ;;
      directory=*) directory=${line#*=} ;;
      session=*) session=${line#*=} ;;
    esac
  done <<LINES
$found
LINES
  # The bridge says on the screen why there is none.
  [ -n "$url" ] && [ $# -gt 0 ] || return 0
  set -- "$@" attach "$url"
  [ -n "$directory" ] && set -- "$@" --dir "$directory"
  [ -n "$session" ] && set -- "$@" --session "$session"
  # As the server was started: with its own user's name and without updating itself. The password is in no argument.
  OPENCODE_SERVER_USERNAME=opencode OPENCODE_SERVER_PASSWORD=$password OPENCODE_DISABLE_AUTOUPDATE=1 "$@" <&3
  code=$?
  [ -n "$saved" ] && stty "$saved" <&3 2>/dev/null
  [ "$code" = 0 ] && return 0
  printf '\nocto: OpenCode ended with code %s; Enter goes back\n' "$code"
  read -r _ <&3
}

trap 'leave $?' EXIT
trap 'leave 129' HUP
trap 'leave 130' INT
trap 'leave 143' TERM

: >"$keys" || { echo "octo: ${socket%/*} cannot be written; start the bridge with: octo up" >&2; exit 3; }
[ "$view" = tui ] && attach
begin
while :; do
  # In the background, since only `wait` lets signals through at once.
  dd bs=4096 count=1 <&3 >"$keys" 2>/dev/null &
  key_pid=$!
  wait $key_pid
  key_pid=
  # End of file: the terminal is gone.
  [ -s "$keys" ] || leave 0
  if answer=$(ask 5 "/v1/pane/key?screen=$name" --data-binary "@$keys"); then
    case $answer in
      attach) end; attach; begin ;;
      quit) leave 0 ;;
    esac
  else
    # Nobody there to tell what the key means.
    case $(cat "$keys") in q) leave 0 ;; esac
  fi
done
