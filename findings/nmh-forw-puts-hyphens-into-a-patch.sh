#!/bin/sh
# Packages: nmh 1.8~RC2, git 2.39.5 (Debian 12)
# Guess:    a patch that forw forwards as text can be applied by who gets it: `git am` passes over what stands before a diff.
# Seen:     each line that begins with a hyphen gets `- ` in front (RFC 934), unasked: `---`, the headers of files and the removed lines. git am finds
#           a diff and refuses it as garbage. -nodashstuffing leaves them.
. "$(dirname "$0")/lib.sh"
with_git nmh=1.8~RC2-2 liblockfile1=1.17-1+b1
with_libraries
export MHMTSCONF="$T/root/etc/nmh/mts.conf"
mkdir -p Mail/inbox && echo 'Path: Mail' >.mh_profile && cp "$T"/root/etc/nmh/* Mail
git init -q r && cd r && printf '%s\n' one two >file && git add file && git commit -qm start
echo one >file && git commit -qam 'Take a line out'
git format-patch --stdout -1 | sed 1d >../Mail/inbox/1
git reset -q --hard HEAD~1
for option in -dashstuffing -nodashstuffing; do
  "$T/root/usr/bin/mh/forw" -build -noedit $option -whatnowproc true 1 </dev/null >../forw.log 2>&1 || cannot 'forw does not run'
  sed 's/^To:.*/To: bo@example.org/; s/^-*$//' ../Mail/draft >../mail
  git am -q ../mail 2>../error >../out && echo "$option: applied" || { echo "$option: $(grep -m1 error ../error)"; git am --abort; }
  grep -m2 '^- -\|^-[a-z]' ../mail || :
done >../now
seen 'a forwarded patch is none' ../now <<'S'
-dashstuffing: error: patch with only garbage at line 3
- ---
- --- a/file
-nodashstuffing: applied
-two
S
