#!/bin/sh
# Package:  nmh 1.8~RC2 (Debian 12); git 2.39.5
# Guess:    burst divides a digest of patches (RFC 1153: thirty hyphens between two mails) into its mails, and the rest as it came.
# Seen:     a mail ends at each line that begins with a hyphen and no blank, as RFC 934 had it: at `---`, at the header of a file, and at every removed line, which
#           is in no mail then. Of two patches it makes ten pieces.
. "$(dirname "$0")/lib.sh"
with_git nmh=1.8~RC2-2 liblockfile1=1.17-1+b1
with_libraries
export MHMTSCONF="$T/root/etc/nmh/mts.conf"
mkdir -p Mail/inbox && echo 'Path: Mail' >.mh_profile
git init -q r && printf '%s\n' one two three >r/file && git -C r add file && git -C r commit -qm start
for word in one two; do sed -i "/$word/d" r/file && git -C r commit -qam "Take $word out"; done
{
  printf '%s\n' 'From: list-request@example.org' 'Subject: list Digest, Vol 1, Issue 1' '' 'Topics' '' '----------------------------------------------------------------------' ''
  for n in 1 2; do git -C r format-patch --stdout -1 HEAD~$((2 - n)) | sed 1d && printf '%s\n' '' '------------------------------' ''; done
  printf '%s\n' 'End of list Digest, Vol 1, Issue 1' '**********************************'
} >Mail/inbox/1
"$T/root/usr/bin/mh/burst" 1 || cannot 'burst does not run'
rm Mail/inbox/1
echo "$(ls Mail/inbox | wc -l) pieces, $(grep -l '^Subject: ' Mail/inbox/* | wc -l) with a subject, $(grep -h '^[-]one\|^[-]two' Mail/inbox/* | wc -l) removed lines" >now
cat Mail/inbox/3 >>now
seen 'two patches in pieces' now <<'S'
10 pieces, 2 with a subject, 0 removed lines
 file | 1 -
 1 file changed, 1 deletion(-)

diff --git a/file b/file
index 4cb29ea..1946f04 100644
S
