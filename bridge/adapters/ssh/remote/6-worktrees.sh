# shellcheck shell=sh disable=SC2154 # variables of 1-base.sh and 5-git.sh
# Worktrees of one bridge on a host. As adapters/git does it at home: all work is committed before a worktree is used again, no hook runs,
# nothing is signed, and no work is deleted.

# octo_take_slot KEY MAPPED INSTANCE-SLOT: nobody else works in octo_tree until this command ends.
octo_take_slot() {
  octo_repository "$1" "$2"
  octo_pool=$octo_root/worktrees/$1
  octo_make "$octo_pool/.locks/$3"
  # As git names its worktrees: a home may be a link.
  octo_pool=$(cd "$octo_pool" && pwd -P)
  octo_tree=$octo_pool/$3
  octo_lock "$octo_pool/.locks/$3"
}

# octo_prepare KEY MAPPED INSTANCE-SLOT BRANCH COMMIT PREFIX: the slot's worktree, on the branch, which is at COMMIT or ahead of it. Says
# "worktree PATH", and "saved BRANCH COMMIT" for what earlier tasks left.
octo_prepare() {
  octo_take_slot "$1" "$2" "$3"
  octo_free_branch "$4"
  octo_on=
  if octo_owns "$octo_tree"; then
    octo_save "$octo_tree" 'Unfinished work, saved by octo' "$4"
  elif [ -e "$octo_tree" ]; then
    octo_aside "$octo_tree" "$3"
  fi
  octo_place_branch "$4" "$5"
  if octo_owns "$octo_tree"; then
    [ "$octo_on" = "$4" ] || octo_try -C "$octo_tree" switch --quiet --ignore-other-worktrees "$4"
    octo_try -C "$octo_tree" reset --quiet --hard
    octo_try -C "$octo_tree" clean --quiet --force -d
  else
    octo_add_tree "$4"
  fi
  octo_gitdir=$(octo_git -C "$octo_tree" rev-parse --absolute-git-dir)
  octo_write "$octo_gitdir/octo" "open $4"
  octo_make "$octo_tree/$6"
  printf 'worktree %s\n' "$octo_tree"
}

# octo_owns TREE: is it a worktree of this repository?
octo_owns() {
  [ -f "$1/.git" ] || return 1
  octo_said=$(cd "$1" && octo_git rev-parse --git-common-dir 2>/dev/null) || return 1
  [ "$(cd "$1" && cd "$octo_said" && pwd -P)" = "$(cd "$octo_repo" && pwd -P)" ]
}

# Another git may be making a worktree at this moment: its files are there, and still empty (seen at home).
octo_add_tree() {
  octo_tries=0
  # Forced twice: takes over an entry whose folder is gone, also one that a killed `worktree add` left locked.
  until octo_said=$(octo_git -C "$octo_repo" worktree add --quiet --force --force "$octo_tree" "$1" 2>&1); do
    octo_tries=$((octo_tries + 1))
    case $octo_said in *commondir*) [ "$octo_tries" -lt 50 ] && sleep 0.1 && continue ;; esac
    octo_try -C "$octo_repo" worktree add --quiet --force --force "$octo_tree" "$1"
    return
  done
}

# octo_find_holder BRANCH: octo_holder is the worktree that has it.
octo_find_holder() {
  octo_holder=$(octo_git -C "$octo_repo" worktree list --porcelain | awk -v branch="branch refs/heads/$1" '
    /^worktree / { tree = substr($0, 10) }
    $0 == branch { print tree }')
}

# octo_free_branch BRANCH: saves and detaches the pooled worktree that still has it, while no other command is at work in it.
octo_free_branch() {
  octo_find_holder "$1"
  case $octo_holder in
    '' | "$octo_tree") return 0 ;;
    "$octo_pool"/*) (octo_free_branch_of "${octo_holder##*/}" "$1") || exit ;;
    *) octo_fail BRANCH_CHECKED_OUT "$1 is checked out in $octo_holder" ;;
  esac
}

# octo_free_branch_of INSTANCE-SLOT BRANCH: in a subshell, with which its lock ends.
octo_free_branch_of() {
  octo_make "$octo_pool/.locks/$1"
  octo_lock "$octo_pool/.locks/$1"
  octo_find_holder "$2"
  [ "$octo_holder" = "$octo_pool/$1" ] || return 0
  set -- "$2"
  if octo_owns "$octo_holder"; then
    octo_save "$octo_holder" 'Unfinished work, saved by octo' "$1"
    octo_detach "$octo_holder"
  else
    octo_try -C "$octo_repo" worktree remove --force --force "$octo_holder"
  fi
}

# octo_place_branch BRANCH COMMIT: a branch that went on from COMMIT here is taken up; one that went elsewhere is kept by another name.
octo_place_branch() {
  octo_tip "$1"
  [ "$octo_read" = "$2" ] && return 0
  if [ -n "$octo_read" ]; then
    octo_git -C "$octo_repo" merge-base --is-ancestor "$2" "$octo_read" && return 0
    octo_git -C "$octo_repo" merge-base --is-ancestor "$octo_read" "$2" || octo_keep_commit "$1" "$octo_read"
  fi
  octo_try -C "$octo_repo" update-ref -m octo "refs/heads/$1" "$2" "$octo_read"
}

# octo_keep_commit BRANCH COMMIT: under a name of its own. A branch of that name that holds something else, a person's by now, stays as it is.
octo_keep_commit() {
  octo_name=$1-saved-$(printf '%s' "$2" | cut -c 1-8)
  while octo_holds=$(octo_git -C "$octo_repo" rev-parse --quiet --verify "refs/heads/$octo_name^{commit}" 2>/dev/null); do
    octo_git -C "$octo_repo" merge-base --is-ancestor "$2" "$octo_holds" && break
    octo_name=$octo_name-$2
  done
  [ -n "$octo_holds" ] || octo_try -C "$octo_repo" update-ref -m octo "refs/heads/$octo_name" "$2" ''
  printf 'saved %s %s\n' "$octo_name" "$2"
}

# octo_aside PATH NAME: out of the way, beside the pool.
octo_aside() {
  octo_make "$octo_pool/saved"
  octo_number=1
  while [ -e "$octo_pool/saved/$2-$octo_number" ]; do octo_number=$((octo_number + 1)); done
  mv "$1" "$octo_pool/saved/$2-$octo_number" || octo_fail WORKTREE_FAILED "$1 cannot be moved aside"
}

octo_detach() {
  octo_try -C "$1" update-ref --no-deref -m 'octo: gives the branch free' HEAD "$(octo_git -C "$1" rev-parse HEAD)"
  octo_gitdir=$(octo_git -C "$1" rev-parse --absolute-git-dir)
  octo_first "$octo_gitdir/octo"
  octo_write "$octo_gitdir/octo" "done ${octo_read#* } $(octo_git -C "$1" rev-parse HEAD)"
}

# octo_save TREE SUBJECT BRANCH: commits everything and makes sure that a branch holds it. octo_on is the branch of its HEAD. Says "saved"
# for a branch other than BRANCH, which nobody has fetched yet.
octo_save() {
  octo_gitdir=$(octo_git -C "$1" rev-parse --absolute-git-dir) || octo_fail WORKTREE_FAILED "$1 is no worktree any more"
  octo_first "$octo_gitdir/octo"
  octo_marker=$octo_read
  octo_open=
  case $octo_marker in 'open '*) octo_open=${octo_marker#open } ;; esac
  octo_drop_lock "$octo_gitdir/index.lock"
  octo_drop_lock "$octo_gitdir/HEAD.lock"
  octo_on=$(octo_git -C "$1" symbolic-ref --quiet --short HEAD)
  octo_pending=
  for octo_file in MERGE_HEAD MERGE_MODE MERGE_MSG AUTO_MERGE CHERRY_PICK_HEAD REVERT_HEAD REBASE_HEAD rebase-merge rebase-apply sequencer \
    BISECT_LOG BISECT_START BISECT_NAMES BISECT_TERMS; do
    [ -e "$octo_gitdir/$octo_file" ] && octo_pending=yes
  done
  octo_changes "$1"
  [ "$octo_read" = '!' ] && octo_fail WORKTREE_FAILED "git status in $1: $(octo_git -C "$1" status 2>&1 >/dev/null)"
  if [ -n "$octo_pending" ] || [ -n "$octo_read" ]; then
    if [ -n "$octo_on" ] && [ "$octo_on" != "$octo_open" ]; then
      octo_try -C "$1" update-ref --no-deref HEAD "$(octo_git -C "$1" rev-parse HEAD)"
      octo_on=
    fi
    octo_commit_all "$1" "$2"
    for octo_file in MERGE_HEAD MERGE_MODE MERGE_MSG AUTO_MERGE CHERRY_PICK_HEAD REVERT_HEAD REBASE_HEAD rebase-merge rebase-apply sequencer \
      BISECT_LOG BISECT_START BISECT_NAMES BISECT_TERMS; do
      rm -rf "${octo_gitdir:?}/$octo_file"
    done
  fi
  octo_head=$(octo_git -C "$1" rev-parse HEAD)
  [ "$octo_marker" = "done ${octo_marker#done }" ] && [ "${octo_marker##* }" = "$octo_head" ] && return 0
  if [ -z "$octo_on" ] || [ "$octo_on" != "$octo_open" ]; then octo_hold "$octo_head"; fi
  [ -z "$octo_open" ] || [ "$octo_open" = "$3" ] || { octo_tip "$octo_open" && [ -n "$octo_read" ] && printf 'saved %s %s\n' "$octo_open" "$octo_read"; }
  return 0
}

# octo_changes TREE: octo_read is the first of what is uncommitted; "!" where git cannot tell, which is not the same as nothing.
octo_changes() {
  octo_read=$({ octo_git -C "$1" status --porcelain --untracked-files=all --ignore-submodules=none 2>/dev/null || echo '!'; } | sed -n 1p)
}

# octo_hold COMMIT: by the open branch where the work went on from it, else by a branch of its own.
octo_hold() {
  if [ -n "$octo_open" ]; then
    octo_tip "$octo_open"
    if [ -n "$octo_read" ] && octo_git -C "$octo_repo" merge-base --is-ancestor "$octo_read" "$1"; then
      octo_try -C "$octo_repo" update-ref -m octo "refs/heads/$octo_open" "$1" "$octo_read"
      return 0
    fi
  fi
  [ -n "$(octo_git -C "$octo_repo" for-each-ref --count=1 --contains "$1" --format='%(refname)')" ] && return 0
  octo_keep_commit "${octo_open:-octo/unknown}" "$1"
}

# A worktree of the pool has one owner: a lock that stays is of a git that died.
octo_drop_lock() {
  [ -e "$1" ] || return 0
  sleep 2
  rm -f "$1"
}

# octo_commit_all TREE SUBJECT: what is not ignored, onto HEAD. Repositories inside it lose their .git, which is kept aside.
octo_commit_all() {
  octo_git -C "$1" status --porcelain -z --untracked-files=all | tr '\0' '\n' | sed -n 's/^?? \(.*\)\/$/\1/p' | while IFS= read -r octo_name; do
    [ -e "$1/$octo_name/.git" ] && octo_aside "$1/$octo_name/.git" "${1##*/}-git"
  done
  if [ -f "$octo_gitdir/info/sparse-checkout" ]; then octo_try -C "$1" add --all --sparse; else octo_try -C "$1" add --all; fi
  # Who the user is at home, where the host does not say.
  [ -n "${GIT_AUTHOR_NAME:-$(octo_git -C "$1" config user.name)}" ] || {
    GIT_AUTHOR_NAME=${octo_author_name:-octo} GIT_COMMITTER_NAME=${octo_author_name:-octo}
    export GIT_AUTHOR_NAME GIT_COMMITTER_NAME
  }
  [ -n "${GIT_AUTHOR_EMAIL:-$(octo_git -C "$1" config user.email)}" ] || {
    GIT_AUTHOR_EMAIL=${octo_author_email:-octo@localhost} GIT_COMMITTER_EMAIL=${octo_author_email:-octo@localhost}
    export GIT_AUTHOR_EMAIL GIT_COMMITTER_EMAIL
  }
  octo_subject=$2
  [ -n "$octo_subject" ] || octo_subject='Work of an octo task'
  octo_git -C "$1" diff-index --cached --quiet HEAD 2>/dev/null && return 0
  octo_try -C "$1" commit --quiet --no-verify --no-gpg-sign --cleanup=whitespace -m "$octo_subject"
}

# octo_finish KEY MAPPED INSTANCE-SLOT BRANCH SUBJECT: commits, gives the branch free; says "branch COMMIT" where it has not been fetched.
octo_finish() {
  octo_take_slot "$1" "$2" "$3"
  if octo_owns "$octo_tree"; then
    octo_first "$(octo_git -C "$octo_tree" rev-parse --absolute-git-dir)/octo"
    if [ "$octo_read" = "open $4" ]; then
      octo_save "$octo_tree" "$5" "$4"
      octo_detach "$octo_tree"
    fi
  fi
  octo_tip "$4"
  [ -z "$octo_read" ] || printf 'branch %s\n' "$octo_read"
}

# octo_forget KEY MAPPED BRANCH COMMIT: it is at home now. A branch that went on meanwhile stays.
octo_forget() {
  octo_repository "$1" "$2"
  octo_git -C "$octo_repo" update-ref -d "refs/heads/$3" "$4" 2>/dev/null
  # Each task brings a pack: many of them make git slow.
  if [ -z "$2" ] && [ "$(find "$octo_repo/objects/pack" -name '*.pack' | wc -l)" -gt 50 ]; then octo_git -C "$octo_repo" repack -d --quiet 2>/dev/null; fi
  return 0
}

# octo_remove_pool INSTANCE: "kept PATH" for worktrees that hold what no branch does.
octo_remove_pool() {
  for octo_tree in "$octo_root"/worktrees/*/"$1"-*; do
    case ${octo_tree##*-} in '' | *[!0-9]*) continue ;; esac
    [ -f "$octo_tree/.git" ] || continue
    octo_repo=$(cd "$octo_tree" && octo_git rev-parse --git-common-dir 2>/dev/null) || { printf 'kept %s\n' "$octo_tree"; continue; }
    octo_repo=$(cd "$octo_tree" && cd "$octo_repo" && pwd -P)
    octo_head=$(octo_git -C "$octo_tree" rev-parse HEAD)
    octo_changes "$octo_tree"
    octo_kept=$octo_read
    octo_first "$(octo_git -C "$octo_tree" rev-parse --absolute-git-dir)/octo"
    [ "${octo_read##* }" = "$octo_head" ] || [ -n "$(octo_git -C "$octo_repo" for-each-ref --count=1 --contains "$octo_head")" ] || octo_kept=yes
    if [ -n "$octo_kept" ]; then printf 'kept %s\n' "$octo_tree"; else octo_try -C "$octo_repo" worktree remove --force --force "$octo_tree"; fi
  done
}
