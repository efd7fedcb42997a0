#!/bin/sh
# Package:  mercurial 6.3.2 (Debian 12)
# Guess:    the extension notify, which with notify.mbox writes its mails into an mbox, adds each to those that are there; a push of two changesets makes two mails.
# Seen:     each mail takes the place of all before it: the last changeset is left. `hg email --mbox` writes all of its own. The subject has the folder of the repository on the server, and the name of
#           whoever wrote an ASCII name is sent as ISO-8859-1.
. "$(dirname "$0")/lib.sh"
with_deb mercurial=6.3.2-1+deb12u1 mercurial-common=6.3.2-1+deb12u1
with_python
export HGRCPATH="$T/hgrc"
printf '%s\n' '[ui]' 'username=Bo <bo@example.org>' '[extensions]' 'notify=' '[hooks]' 'incoming.notify=python:hgext.notify.hook' '[notify]' 'sources=push' 'test=false' "mbox=$T/box" "config=$T/who" \
  '[email]' 'from=ann@example.org' >hgrc
printf '[usersubs]\ncy@example.org=*\n' >who
hg() { "$PYTHON" "$T/root/usr/bin/hg" "$@"; }
hg init server && hg init mine
for word in one two; do echo $word >mine/file && hg -R mine commit -qAm "Say $word"; done
{
  hg -R mine push server 2>&1 | grep '^notify: '
  grep '^From: \|^Subject: ' box | sed "s,$T,...,"
} >now
seen 'two mails are one' now <<'S'
notify: sending 1 subscribers 1 changes
notify: sending 1 subscribers 1 changes
Subject: changeset in .../server: Say two
From: =?iso-8859-1?q?Bo?= <bo@example.org>
S
