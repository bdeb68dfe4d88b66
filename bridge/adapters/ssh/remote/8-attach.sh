# shellcheck shell=sh disable=SC2154 # variables of 1-base.sh and 2-server.sh
# What a pane of WezTerm on this host runs: OpenCode's own TUI, attached to the server by the loopback of the host.

octo_ticket_seconds=300

# octo_attach ID INCARNATION NAME PASSWORD DIRECTORY SESSION: "program FILE", a script that a terminal of this host runs with /bin/sh, once
# and soon. It holds the password, so it is private, and removes itself before anything else. INSTANCE_NOT_READY.
octo_attach() {
  octo_instance "$1"
  if [ "$octo_was_incarnation" -ne "$2" ] || ! octo_was_alive; then octo_fail INSTANCE_NOT_READY "start $2 of $1 is over"; fi
  octo_settings='' octo_words=''
  { IFS= read -r octo_settings && IFS= read -r octo_words; } 2>/dev/null <"$octo_dir/program"
  [ -n "$octo_words" ] || octo_fail INSTANCE_NOT_READY "an older octo started $1: restart it first"
  octo_drop_tickets
  octo_make "$octo_root/attach"
  octo_file=$octo_root/attach/$(date +%s)-$3
  octo_words="$octo_words attach 'http://127.0.0.1:$octo_was_port'"
  [ -n "$5" ] && octo_words="$octo_words --dir '$(octo_quote "$5")'"
  [ -n "$6" ] && octo_words="$octo_words --session '$(octo_quote "$6")'"
  # The environment is this host's: WezTerm hands on that of the machine it runs on.
  octo_write "$octo_file" "[ \"\${1-}\" = clean ] || exec /usr/bin/env -i TERM=\"\${TERM-xterm-256color}\" COLORTERM=\"\${COLORTERM-}\" /bin/sh \"\$0\" clean
rm -f \"\$0\"
HOME='$(octo_quote "$HOME")' USER='$(octo_quote "${USER:-$(id -un)}")' SHELL='$(octo_quote "${SHELL:-/bin/sh}")'
LOGNAME=\$USER
$octo_settings
export HOME USER LOGNAME SHELL PATH LANG
cd '$(octo_quote "${5:-$HOME}")' 2>/dev/null || cd /
OPENCODE_SERVER_USERNAME=opencode OPENCODE_SERVER_PASSWORD='$(octo_quote "$4")' OPENCODE_DISABLE_AUTOUPDATE=1 $octo_words
code=\$?
[ \"\$code\" = 0 ] && exit 0
printf '\\nocto: OpenCode ended with code %s; Enter closes\\n' \"\$code\"
read -r _"
  printf 'program %s\n' "$octo_file"
}

# octo_note_program: what octo_attach needs to know of the environment that a server was started in. No secrets.
octo_note_program() {
  octo_write "$octo_dir/program" "PATH='$(octo_quote "$PATH")' LANG='$(octo_quote "${LC_ALL:-${LANG:-C.UTF-8}}")'
$octo_command"
}

# octo_drop_ticket FILE
octo_drop_ticket() {
  case $1 in "$octo_root"/attach/*) rm -f "$1" ;; esac
}

# Those that nobody used.
octo_drop_tickets() {
  octo_oldest=$(($(date +%s) - octo_ticket_seconds))
  for octo_file in "$octo_root"/attach/*-*; do
    octo_read=${octo_file##*/}
    case ${octo_read%%-*} in '' | *[!0-9]*) continue ;; esac
    [ "${octo_read%%-*}" -lt "$octo_oldest" ] && rm -f "$octo_file"
  done
  return 0
}
