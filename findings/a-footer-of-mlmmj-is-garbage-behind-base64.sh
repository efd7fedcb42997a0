#!/bin/sh
# Packages: mlmmj 1.3.0, mblaze 1.1 (Debian 12), mailparser 3.14.2, postal-mime 4.0.0 (npm)
# Guess:    mlmmj's footer, which it puts below a mail of any encoding, is lost below base64: what comes after `=` is no data (RFC 2045 6.8).
# Seen:     mailparser, postal-mime and mblaze begin anew there and decode the sentence: readers see a line of garbage below the text. Python's own email stops. And to
#           List-Id, if the mail has one, control/customheaders adds a second; RFC 2919 allows one.
. "$(dirname "$0")/lib.sh"
with_deb mlmmj=1.3.0-4 mblaze=1.1-1
with_npm mailparser@3.14.2 postal-mime@4.0.0
for folder in incoming queue/discarded archive text control subscribers.d digesters.d nomailsubs.d; do mkdir -p "list/$folder"; done
cp "$T"/root/usr/share/mlmmj/text.skel/en/* list/text && echo 0 >list/index
echo list@example.org >list/control/listaddress
echo ann@example.org >list/control/owner
echo 'To leave, write to list-leave' >list/control/footer
echo 'List-Id: <list.example.org>' >list/control/customheaders
printf '%s\n' 'Return-Path: <ann@example.org>' 'From: ann@example.org' 'To: list@example.org' 'Message-ID: <one@example.org>' 'Subject: one' 'List-Id: <commits.example.org>' \
  'Content-Type: text/plain; charset=utf-8' 'Content-Transfer-Encoding: base64' '' "$(echo 'a text' | base64)" >list/incoming/mail
"$T/root/usr/bin/mlmmj-process" -L "$T/list" -m "$T/list/incoming/mail" -P 2>mlmmj.log || { cat mlmmj.log; cannot 'mlmmj does not run'; }
find list/queue -type f -exec cp {} mail \;
cat >run.mjs <<'J'
import { readFileSync } from 'node:fs';
import mailparser from 'mailparser';
import PostalMime from 'postal-mime';
const mail = readFileSync('mail');
const print = (name, text) => console.log(`${name}: ${JSON.stringify(text.slice(0, 7))} and ${text.trim().split('\n').length - 1} lines`);
print('mailparser', (await mailparser.simpleParser(mail)).text);
print('postal-mime', (await PostalMime.parse(mail)).text);
print('mblaze', readFileSync('mblaze', 'latin1'));
print('python', readFileSync('python', 'latin1'));
J
mshow -O ./mail 1 >mblaze
/usr/bin/python3 -c 'import email, sys; sys.stdout.buffer.write(email.message_from_binary_file(open("mail", "rb")).get_payload(decode=True))' >python
{ grep '^List-Id' mail; sed '1,/^$/d' mail; node run.mjs; } >now
seen 'a footer is data' now <<'S'
List-Id: <commits.example.org>
List-Id: <list.example.org>
YSB0ZXh0Cg==
To leave, write to list-leave
mailparser: "a text\n" and 1 lines
postal-mime: "a text\n" and 1 lines
mblaze: "a text\n" and 1 lines
python: "a text\n" and 0 lines
S
