#!/bin/sh
# Package:  maildir-utils 1.8.14 (mu, Debian 12)
# Guess:    `mu find main.c` finds the mail whose text has main.c: where a sign divides the words of a mail it divides those of a question.
# Seen:     it finds none, in quotes neither. A mail is divided at dots before letters, hyphens, slashes and brackets, a question is not: whoever looks for a file, a version, an option or
#           the `[tag]` of a subject has to write blanks in their place and quotes around.
. "$(dirname "$0")/lib.sh"
with_deb maildir-utils=1.8.14-1 libgmime-3.0-0=3.2.13+dfsg-2 libxapian30=1.4.22-1 libgpgme11=1.18.0-3+deb12u1 libassuan0=2.5.5-5 guile-3.0-libs=3.0.8-2 libgc1=1:8.2.2-3
with_libraries
mkdir -p mail/cur mail/new mail/tmp
printf '%s\n' 'From: ann@example.org' 'Message-ID: <one@example.org>' 'Date: Mon, 2 Jan 2006 15:04:05 +0000' 'Subject: [core] Release v1.2-rc3' '' 'It is in src/main.c, by --long-option.' >mail/cur/1:2,S
{ mu init --muhome=mu --maildir="$T/mail" && mu index --muhome=mu; } >mu.log 2>&1 || { cat mu.log; cannot 'mu does not run'; }
for words in main.c '"main.c"' '"main c"' long-option '"long option"' 'subject:v1.2-rc3' 'subject:"v1.2 rc3"' 'subject:[core]' 'subject:core'; do
  mu find --muhome=mu --fields=i "$words" >found 2>&1 && echo "$words: found" || echo "$words: not found"
done >now
seen 'a name of a file is not found' now <<'S'
main.c: not found
"main.c": not found
"main c": found
long-option: not found
"long option": found
subject:v1.2-rc3: not found
subject:"v1.2 rc3": found
subject:[core]: not found
subject:core: found
S
