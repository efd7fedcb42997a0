#!/bin/sh
# Package:  git 2.39.5 (Debian 12)
# Guess:    format-patch writes an mbox in which a line `From <id> Mon Sep 17 00:00:00 2001` of a message is quoted.
# Seen:     it is not (there is --mboxrd for that, off by default), and mailsplit takes exactly such a line for the start of a mail,
#           with no blank line before it. One commit becomes two mails, the first without a patch, and am stops at it.
. "$(dirname "$0")/lib.sh"
with_git
git init -q from && cd from
echo 1 >f && git add f && git commit -qm 'one

Patches begin with
From 8d3c0ff0b5b8b2a0d7e6c1a4f1a0a8a6e2a3a4a5 Mon Sep 17 00:00:00 2001
and so on.'
git format-patch -q --root --stdout >"$T/patch"
mkdir "$T/plain" "$T/rd"
{
  git mailsplit -o"$T/plain" "$T/patch"
  git format-patch -q --root --stdout --pretty=mboxrd >"$T/patch-rd"
  git mailsplit --mboxrd -o"$T/rd" "$T/patch-rd"
} >"$T/now"
seen 'one commit, two mails; one with mboxrd' "$T/now" <<'S'
2
1
S
