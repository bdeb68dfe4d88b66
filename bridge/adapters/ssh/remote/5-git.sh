# shellcheck shell=sh disable=SC2154 # variables of 1-base.sh
# Repositories on a host, and what goes there and comes back.

octo_git() {
  git -c core.hooksPath=/dev/null -c core.fsmonitor=false -c core.safecrlf=false -c core.splitIndex=false -c commit.gpgSign=false \
    -c gc.auto=0 -c maintenance.auto=false -c submodule.recurse=false -c worktree.useRelativePaths=false "$@"
}

# octo_try GIT-ARGUMENTS…: ends the command with git's words when git fails.
octo_try() {
  octo_said=$(octo_git "$@" 2>&1) && return 0
  case $octo_said in
    *'o space left'* | *'uota exceeded'*) octo_fail HOST_DISK_FULL "$octo_said" ;;
    *'is not a git command'*) octo_fail HOST_GIT_MISSING "$(git --version 2>&1) is too old: $octo_said" ;;
    *'dubious ownership'*) octo_fail REPOSITORY_UNTRUSTED "$octo_said" ;;
    *'already checked out'* | *'already used by worktree'*) octo_fail BRANCH_CHECKED_OUT "$octo_said" ;;
  esac
  octo_fail WORKTREE_FAILED "git: $octo_said"
}

# octo_repository KEY MAPPED [OBJECT-FORMAT]: octo_repo is the git folder. MAPPED is the user's own clone there; without one a clone of
# octo's own is made, without files.
octo_repository() {
  # shellcheck disable=SC2046 # names
  unset $(env | sed -n 's/^\(GIT_[A-Z_]*\)=.*/\1/p' | grep -v -E '^GIT_(AUTHOR|COMMITTER|SSH|SSL|EXEC_PATH|CONFIG_(GLOBAL|SYSTEM))') 2>/dev/null
  GIT_TERMINAL_PROMPT=0 GIT_OPTIONAL_LOCKS=0 LC_ALL=C
  export GIT_TERMINAL_PROMPT GIT_OPTIONAL_LOCKS LC_ALL
  command -v git >/dev/null 2>&1 || octo_fail HOST_GIT_MISSING 'no git on the PATH'
  if [ -n "$2" ]; then
    octo_place=$2
    # shellcheck disable=SC2088 # as the user wrote it
    case $octo_place in '~/'*) octo_place=$HOME/${octo_place#'~/'} ;; esac
    octo_said=$( (cd "$octo_place" && octo_git rev-parse --git-common-dir) 2>&1) || octo_fail HOST_PATH_INVALID "$octo_place: $octo_said"
    octo_repo=$(cd "$octo_place" && cd "$octo_said" && pwd -P)
    [ -f "$octo_repo/shallow" ] && octo_fail HOST_REPOSITORY_UNSUPPORTED "$octo_place is a shallow clone"
    return 0
  fi
  octo_repo=$octo_root/repositories/$1
  [ -f "$octo_repo/HEAD" ] && return 0
  octo_make "$octo_root/repositories"
  octo_format=
  [ "${3:-sha1}" = sha1 ] || octo_format=--object-format=$3
  # shellcheck disable=SC2086 # one word or none
  octo_try init --quiet --bare $octo_format "$octo_repo"
}

octo_has() {
  octo_git -C "$octo_repo" cat-file -e "$1^{commit}" 2>/dev/null
}

# octo_tip BRANCH: octo_read is its commit; empty where there is no such branch.
octo_tip() {
  octo_read=$(octo_git -C "$octo_repo" rev-parse --quiet --verify "refs/heads/$1^{commit}" 2>/dev/null)
}

# octo_tips KEY MAPPED FORMAT COMMIT…: "has COMMIT" for those that are there, and "tip COMMIT" of what else is, to send little.
octo_tips() {
  octo_repository "$1" "$2" "$3"
  shift 3
  for octo_commit in "$@"; do octo_has "$octo_commit" && printf 'has %s\n' "$octo_commit"; done
  octo_git -C "$octo_repo" for-each-ref --count=100 --sort=-committerdate --format='tip %(objectname)' refs/heads refs/remotes refs/octo
}

# octo_receive KEY MAPPED SLOT COMMIT: stdin is a pack; a ref of the slot's holds the commit, so that git keeps it.
octo_receive() {
  octo_repository "$1" "$2"
  octo_said=$(octo_git -C "$octo_repo" index-pack --stdin --fix-thin 2>&1 >/dev/null) || octo_fail_pack "$octo_said"
  octo_has "$4" || octo_fail WORKTREE_FAILED "the pack did not hold $4"
  octo_try -C "$octo_repo" update-ref "refs/octo/$3" "$4"
}

octo_fail_pack() {
  case $1 in *'o space left'* | *'uota exceeded'*) octo_fail HOST_DISK_FULL "$1" ;; esac
  octo_fail HOST_LINK_LOST "git index-pack: $1"
}

# octo_send KEY MAPPED COMMIT HAVE…: a pack on stdout.
octo_send() {
  octo_repository "$1" "$2"
  octo_list=$3
  shift 3
  for octo_commit in "$@"; do octo_has "$octo_commit" && octo_list=$octo_list$octo_newline^$octo_commit; done
  printf '%s\n' "$octo_list" | octo_git -C "$octo_repo" pack-objects --revs --stdout --thin --delta-base-offset -q
}
