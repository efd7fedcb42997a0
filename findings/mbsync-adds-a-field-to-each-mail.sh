#!/bin/sh
# Package:  isync 1.4.4 (Debian 12)
# Guess:    mbsync, which synchronises mailboxes, copies a mail byte for byte.
# Seen:     what it copies into a Maildir has one field more, X-TUID, with a random word: two copies of a mail differ in bytes and size, and from the mail itself. Its line end is
#           LF also where the mail has CR LF. A checksum that is kept of a mail, or a tool that compares files, does not find it there.
. "$(dirname "$0")/lib.sh"
with_deb isync=1.4.4-5 libsasl2-2=2.1.28+dfsg-10+deb12u1
with_libraries
mkdir -p far/INBOX/cur far/INBOX/new far/INBOX/tmp
printf 'From: ann@example.org\r\nMessage-ID: <one@example.org>\r\nSubject: one\r\n\r\ntext\r\n' >far/INBOX/new/1
printf '%s\n' 'MaildirStore far' "Path $T/far/" "Inbox $T/far/INBOX" '' 'MaildirStore near' "Path $T/near/" "Inbox $T/near/INBOX" '' \
  'Channel all' 'Far :far:' 'Near :near:' 'Create Near' 'SyncState *' >mbsyncrc
mkdir near
mbsync -c mbsyncrc all >mbsync.log 2>&1 || { cat mbsync.log; cannot 'mbsync does not run'; }
cat near/INBOX/new/* | sed 's/\r$/ CR/; s/^\(X-TUID: \).*[A-Za-z0-9+/]\{12\}/\1.../' >now
seen 'a field of its own' now <<'S'
From: ann@example.org CR
Message-ID: <one@example.org> CR
Subject: one CR
X-TUID: ...
 CR
text CR
S
