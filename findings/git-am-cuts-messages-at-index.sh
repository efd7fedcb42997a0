#!/bin/sh
# Package:  git 2.39.5 (Debian 12)
# Guess:    a commit's message survives `git format-patch --stdout | git am`.
# Seen:     mailinfo ends the message at a line that begins with `Index: ` or `diff -`, as it does at `---`. What follows is dropped
#           without a word, and am succeeds. format-patch does not protect such lines. Messages that quote Subversion lose half.
. "$(dirname "$0")/lib.sh"
with_git
git init -q from && cd from
echo 1 >f && git add f && git commit -qm 'one

Index: is a word that Subversion prints
and this line follows'
echo 2 >f && git commit -qam 'two

diff -u shows it
and this line follows'
git format-patch -q --root --stdout >"$T/patches"
git init -q "$T/to" && cd "$T/to" && git am -q <"$T/patches"
git log --reverse --format='%s|%b|' >"$T/now"
seen 'am keeps the subjects and loses the bodies' "$T/now" <<'S'
one||
two||
S
