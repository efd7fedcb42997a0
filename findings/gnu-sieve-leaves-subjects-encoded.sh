#!/bin/sh
# Package:  mailutils 3.15 (Debian 12)
# Guess:    a Sieve filter compares header fields after decoding, as RFC 5228 2.7.2 says: `header :contains "subject" "café"` finds the word, however it is encoded.
# Seen:     it does not; `=?utf-8?` is found. Whether a subject is sent as UTF-8 or encoded decides into which folder it goes. Folded fields are unfolded, and groups
#           of addresses understood.
. "$(dirname "$0")/lib.sh"
with_deb mailutils=1:3.15-4 libmailutils9=1:3.15-4 libgsasl18=2.2.0-1+deb12u2 libntlm0=1.6-4 libgssglue1=0.7-1.1 libmariadb3=1:10.11.19-0+deb12u1 \
  libpq5=15.20-0+deb12u1 libltdl7=2.4.7-7~deb12u1 libidn12=1.41-1 libldap-2.5-0=2.5.13+dfsg-5 libsasl2-2=2.1.28+dfsg-10+deb12u1
with_libraries
sieve --version >/dev/null 2>&1 || cannot 'sieve does not run'
for subject in 'café' '=?utf-8?q?caf=C3=A9?='; do
  printf 'From ann@example.org Mon Jan  2 15:04:05 2006\nSubject: %s\nTo: team: bo@example.org;\nList-Id: The\n list <list.example.org>\n\ntext\n' "$subject" >mail
  cat >filter <<F
require ["fileinto"];
if header :contains "subject" "café" { fileinto "$T/word"; }
if header :contains "subject" "=?utf-8?" { fileinto "$T/encoded"; }
if header :is "list-id" "The list <list.example.org>" { fileinto "$T/folded"; }
if address :is "to" "bo@example.org" { fileinto "$T/group"; }
F
  echo "$subject: $(sieve -n -v -f "$T/mail" filter 2>&1 | sed -n "s,.*delivering into $T/,,p" | tr '\n' ' ')"
done >now
seen 'the word is not found where it is encoded' now <<'S'
café: word folded group 
=?utf-8?q?caf=C3=A9?=: encoded folded group 
S
