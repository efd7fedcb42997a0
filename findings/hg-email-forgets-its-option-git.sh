#!/bin/sh
# Package:  mercurial 6.3.2 (Debian 12)
# Guess:    `hg email --git` mails what `hg export --git` writes: modes, renames and binary files too.
# Seen:     the option is taken and has no effect: the mail has `Binary file ... has changed` in the place of the data, and a change of mode is not in it. The setting
#           diff.git has the effect. Nothing is said.
. "$(dirname "$0")/lib.sh"
with_deb mercurial=6.3.2-1+deb12u1 mercurial-common=6.3.2-1+deb12u1
with_python
export HGRCPATH="$T/hgrc"
printf '[extensions]\npatchbomb=\n[ui]\nusername=Bo <bo@example.org>\n[email]\nfrom=ann@example.org\nto=list@example.org\ncc=bo@example.org\n' >hgrc
hg() { "$PYTHON" "$T/root/usr/bin/hg" "$@"; }
hg init r && cd r
echo one >script
hg commit -qAm start
chmod +x script && printf '\0' >data
hg commit -qAm 'A binary file and a mode'
changes() { grep -hoE '^(new mode.*|GIT binary patch|Binary file.*)' "$1" | tr '\n' ','; }
hg export --git tip >../export
hg email --git -m ../option -r tip >../hg.log 2>&1 </dev/null
hg email --config diff.git=true -m ../setting -r tip >../hg.log 2>&1 </dev/null
for way in export option setting; do echo "$way: $(changes ../$way)"; done >../now
seen 'a mail without the data' ../now <<'S'
export: GIT binary patch,new mode 100755,
option: Binary file data has changed,
setting: GIT binary patch,new mode 100755,
S
