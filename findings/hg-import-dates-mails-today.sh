#!/bin/sh
# Packages: mercurial 6.3.2, git 2.39.5 (Debian 12)
# Guess:    hg import, which reads patches in mails, takes author, date and text of one that git format-patch wrote, as git am does.
# Seen:     the date is the moment of the import. And where the first line of the text says who wrote it, because another sent it, the sender is the author and the
#           line a part of the text.
. "$(dirname "$0")/lib.sh"
with_git mercurial=6.3.2-1+deb12u1 mercurial-common=6.3.2-1+deb12u1
with_python
export HGPLAIN=1 HGMODULEPOLICY=py
git init -q r && cd r && echo one >f && git add f && git commit -qm start
echo two >f
GIT_AUTHOR_NAME=Bo GIT_AUTHOR_EMAIL=bo@example.org GIT_AUTHOR_DATE='1136214245 +0100' git commit -qam 'two

text'
git format-patch -1 --from --stdout >"$T/mail"
git checkout -q HEAD~ && git am -q "$T/mail" && git log -1 --format='git: %an <%ae>, %as | %B' | tr '\n' '|' >"$T/now"
hg init "$T/h" && cd "$T/h" && echo one >f && hg add -q f && hg commit -u ann -m start
today=$(date -u +%F)
hg import -q "$T/mail"
{ echo && hg log -r tip --template 'hg: {author}, {date(date, "%Y-%m-%d")} | {desc}\n' | sed "s/$today/today/" | tr '\n' '|' && echo; } >>"$T/now"
seen 'the patch is of today, and of who sent it' "$T/now" <<'S'
git: Bo <bo@example.org>, 2006-01-02 | two||text||
hg: Ann <ann@example.org>, today | two|From: Bo <bo@example.org>||text|
S
