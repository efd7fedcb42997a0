#!/bin/sh
# Package:  notmuch 0.37 (Debian 12)
# Guess:    `notmuch reply --reply-to=sender` answers to Reply-To, the sender's own wish, wherever there is one.
# Seen:     where To or Cc has the same address it answers to From. For a list that wants answers on the list this is the program that
#           wrote there, whose mails nobody reads. The manual says so; `all` adds the list, and keeps the program.
. "$(dirname "$0")/lib.sh"
with_deb notmuch=0.37-1+b1 libnotmuch5=0.37-1+b1 \
  libgmime-3.0-0=3.2.13+dfsg-2 libxapian30=1.4.22-1 libtalloc2=2.4.0-f2 libgpgme11=1.18.0-3+deb12u1 libassuan0=2.5.5-5
with_libraries
mkdir -p mail/cur mail/new mail/tmp
export NOTMUCH_CONFIG="$T/config" NAME=Ann
printf '[database]\npath=%s/mail\n[user]\nname=Ann\nprimary_email=ann@example.org\n' "$T" >config
for list in dev commits; do
  printf '%s\n' 'From: Bo (git) <git@example.org>' 'To: commits@example.org' "Reply-To: $list@example.org" "Message-ID: <$list@example.org>" \
    'Date: Mon, 2 Jan 2006 15:04:05 +0000' 'Subject: one' '' 'text' >mail/cur/$list:2,S
done
notmuch new >new.log 2>&1 || cannot 'notmuch does not index'
for list in dev commits; do echo "Reply-To $list:" $(notmuch reply --reply-to=sender id:$list@example.org | grep -iE '^(to|cc):'); done >now
seen 'a Reply-To that To has too does not count' now <<'S'
Reply-To dev: To: dev@example.org
Reply-To commits: To: Bo <git@example.org>
S
