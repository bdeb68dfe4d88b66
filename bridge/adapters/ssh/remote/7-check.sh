# shellcheck shell=sh disable=SC2154 # variables of 1-base.sh
# What `octo hosts check` wants to know. Lines "NAME VALUE…"; a missing line means that there is none.

# octo_check COMMAND OWNER DOMAIN: COMMAND is words for eval, or empty.
octo_check() {
  printf 'shell %s\n' "${SHELL:-unknown}"
  printf 'system %s\n' "$(uname -sm)"
  # Each in a subshell: one that fails keeps nothing from being told.
  octo_said=$( (octo_use "$2" && octo_write "$octo_root/probe" ok && rm -f "$octo_root/probe") 2>&1)
  case $octo_said in fail*) printf 'home %s\n' "$octo_said" ;; *) printf 'home ok\n' ;; esac
  octo_root=$HOME/.local/state/octo/hosts/$2
  printf 'disk %s\n' "$(df -Pk "$HOME" 2>/dev/null | awk 'NR == 2 { print $4 }')"
  octo_figures
  command -v git >/dev/null 2>&1 && printf 'git %s\n' "$(git --version | sed 's/[^0-9]*\([0-9.]*\).*/\1/')"
  octo_login_environment
  octo_command=$1
  octo_find_opencode
  if [ -n "$octo_command" ]; then
    printf 'opencode %s\n' "$octo_command"
    # shellcheck disable=SC2086 # words
    printf 'version %s\n' "$(eval "$octo_command --version" </dev/null 2>/dev/null | tail -n 1)"
  else
    printf 'missing %s\n' "$octo_said"
  fi
  if [ "$3" != none ]; then
    for octo_place in "$(command -v wezterm)" /usr/local/bin/wezterm /opt/homebrew/bin/wezterm /Applications/WezTerm.app/Contents/MacOS/wezterm; do
      [ -x "$octo_place" ] || continue
      printf 'wezterm %s\n' "$("$octo_place" --version 2>/dev/null)"
      break
    done
  fi
}

# octo_models COMMAND: "model PROVIDER/MODEL" of what the logins of this host offer.
octo_models() {
  octo_login_environment
  octo_command=$1
  octo_find_opencode
  [ -n "$octo_command" ] || octo_fail OPENCODE_MISSING "$octo_said"
  eval "$octo_command models" </dev/null 2>/dev/null | sed -n 's/^\([^ /]*\/[^ ]*\)$/model \1/p'
}
