#!/bin/sh
# Package:  git 2.39.5 (Debian 12)
# Guess:    git cherry says of two commits that indent a line with a tab and with blanks that they are different ones.
# Seen:     it says `-`: the commit is there already. patch-id(1) leaves white space out before it hashes, and cherry uses it; so does
#           whoever compares patch ids to find what a rebase kept. In Python or a Makefile the two are different programs.
. "$(dirname "$0")/lib.sh"
with_git
git init -q r && cd r
printf 'all:\n' >Makefile && git add . && git commit -qm start
git branch blanks
printf 'all:\n\ttouch x\n' >Makefile && git commit -qam 'with a tab'
git checkout -q blanks && printf 'all:\n        touch x\n' >Makefile && git commit -qam 'with blanks'
{
  git cherry main blanks | cut -c1
  git show main | git patch-id | cut -d' ' -f1
  git show blanks | git patch-id | cut -d' ' -f1
} >"$T/out"
sed -n 2p "$T/out" >"$T/one" && sed -n 3p "$T/out" >"$T/two"
{ head -1 "$T/out"; cmp -s "$T/one" "$T/two" && echo 'same patch id'; } >"$T/now"
seen 'cherry takes a tab and blanks for the same change' "$T/now" <<'S'
-
same patch id
S
