#!/bin/sh
# Package:  nmh 1.8~RC2 (Debian 12)
# Guess:    an answer by repl goes where Reply-To asks for it, and to From where there is no Reply-To (RFC 5322 3.6.2).
# Seen:     it goes to both. A list that wants answers on the list, or a program that asks for them to an author, gets them at the address that it writes from as well. repl -group, with
#           components of its own, passes over From, and Mail-Followup-To goes before all.
. "$(dirname "$0")/lib.sh"
with_deb nmh=1.8~RC2-2 liblockfile1=1.17-1+b1
with_libraries
export MHMTSCONF="$T/root/etc/nmh/mts.conf" USER=cy
mkdir -p Mail/inbox && printf 'Path: Mail\nLocal-Mailbox: Cy <cy@example.org>\n' >.mh_profile && cp "$T"/root/etc/nmh/* Mail
mail() { printf '%s\n' "$@" 'Date: Mon, 2 Jan 2006 15:04:05 +0000' 'Subject: one' '' text; }
mail 'From: Program <git@example.org>' 'To: commits@example.org' >Mail/inbox/1
mail 'From: Program <git@example.org>' 'To: commits@example.org' 'Reply-To: ann@example.org' >Mail/inbox/2
for option in -nogroup -group; do
  for n in 1 2; do
    "$T/root/usr/bin/mh/repl" -build $option -noedit -whatnowproc true $n </dev/null >repl.log 2>&1 || cannot 'repl does not run'
    echo "$option, mail $n:" $(sed -n 's/^\(To\|Cc\|cc\):/\1:/p' Mail/reply)
  done
done >now
seen 'two addresses for one' now <<'S'
-nogroup, mail 1: To: Program <git@example.org> cc:
-nogroup, mail 2: To: ann@example.org, Program <git@example.org> cc:
-group, mail 1: To: Program <git@example.org> cc: commits@example.org, Cy <cy@example.org>
-group, mail 2: To: ann@example.org cc: commits@example.org, Cy <cy@example.org>
S
