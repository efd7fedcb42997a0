#!/bin/sh
# Packages: mailparser 3.14.2, postal-mime 4.0.0 (npm), mblaze 1.1 (Debian 12)
# Guess:    a part of a multipart/digest that names no type is a message, as RFC 2046 5.1.5 says for this type alone.
# Seen:     for mailparser and mblaze it is text. mailparser runs all messages together, header fields inside; mshow takes the fields of
#           a message for those of a part and shows neither who wrote it nor its subject. postal-mime does it right.
. "$(dirname "$0")/lib.sh"
with_deb mblaze=1.1-1
with_npm mailparser@3.14.2 postal-mime@4.0.0
printf '%s\n' 'MIME-Version: 1.0' 'Content-Type: multipart/digest; boundary=b' '' '--b' '' 'From: ann@example.org' 'Subject: one' '' 'first' \
  '--b' '' 'From: bo@example.org' 'Subject: two' '' 'second' '--b--' >mail
cat >run.mjs <<'J'
import { createRequire } from 'node:module';
import { readFileSync } from 'node:fs';
import PostalMime from 'postal-mime';
const { simpleParser } = createRequire(import.meta.url)('mailparser');
const mail = readFileSync('mail');
console.log('mailparser', JSON.stringify((await simpleParser(mail)).text));
const { attachments } = await PostalMime.parse(mail, { forceRfc822Attachments: true });
console.log('postal-mime', JSON.stringify(attachments.map(part => part.mimeType)));
J
node run.mjs >now
mshow -t ./mail | sed 's/^ */mshow: /' >>now
mshow -n ./mail >>now
seen 'two messages are texts' now <<'S'
mailparser "From: ann@example.org\nSubject: one\n\nfirst\nFrom: bo@example.org\nSubject: two\n\nsecond"
postal-mime ["message/rfc822","message/rfc822"]
mshow: ./mail
mshow: 1: multipart/digest size=100
mshow: 2: text/plain size=5
mshow: 3: text/plain size=6

--- 1: multipart/digest size=100 ---
--- --- 2: text/plain size=5 ---
first
--- --- 3: text/plain size=6 ---
second
S
