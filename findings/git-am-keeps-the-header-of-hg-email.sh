#!/bin/sh
# Packages: mercurial 6.3.2, git 2.39.5 (Debian 12)
# Guess:    git am, which knows `# HG changeset patch` (--patch-format=hg), takes author, date and message out of a mail of `hg email` too.
# Seen:     there these lines are text: the commit has them in its message, ids of Mercurial inside, and below them its subject a second time. Author and date
#           are those of the mail. `hg email --plain` leaves the lines out, and nothing else then says who wrote it.
. "$(dirname "$0")/lib.sh"
with_git mercurial=6.3.2-1+deb12u1 mercurial-common=6.3.2-1+deb12u1
with_python
export HGRCPATH="$T/hgrc"
printf '[extensions]\npatchbomb=\n[ui]\nusername=Bo <bo@example.org>\n[email]\nfrom=ann@example.org\nto=list@example.org\ncc=cy@example.org\n[diff]\ngit=true\n' >hgrc
hg() { "$PYTHON" "$T/root/usr/bin/hg" "$@"; }
hg init from && git init -q to && git -C to commit -q --allow-empty -m start
echo one >from/file
hg -R from commit -qAm 'Add a file' -d '1136214245 0'
hg -R from email -m mail -r tip >hg.log 2>&1 </dev/null
git -C to am -q ../mail
git -C to log -1 --date=unix --format='%an <%ae> %ad%n%B' | sed "s/ $(git -C to log -1 --format=%at)/ of the mail/; s/ID [0-9a-f]*/ID .../; s/Parent  [0-9a-f]*/Parent .../" >now
seen 'the sender is the author' now <<'S'
ann@example.org <ann@example.org> of the mail
Add a file

# HG changeset patch
# User Bo <bo@example.org>
# Date 1136214245 0
#      Mon Jan 02 15:04:05 2006 +0000
# Node ID ...
# Parent ...
Add a file

S
