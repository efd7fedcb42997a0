#!/bin/sh
# Packages: postal-mime 4.0.0, mailparser 3.14.2 (npm)
# Guess:    where format=flowed text is joined, the quote mark of the second line goes, as RFC 3676 4.1 says.
# Seen:     postal-mime joins a quoted paragraph with its marks inside. mailparser does it right.
. "$(dirname "$0")/lib.sh"
with_npm postal-mime@4.0.0 mailparser@3.14.2
cat >run.mjs <<'J'
import { createRequire } from 'node:module';
import PostalMime from 'postal-mime';
const { simpleParser } = createRequire(import.meta.url)('mailparser');
const mail = 'Content-Type: text/plain; format=flowed\r\n\r\n> a quoted \r\n> paragraph\r\n\r\nanswer\r\n';
console.log('postal-mime', JSON.stringify((await PostalMime.parse(mail)).text.trim()));
console.log('mailparser', JSON.stringify((await simpleParser(mail)).text.trim()));
J
node run.mjs >now
seen 'a quote mark stands in the middle of a line' now <<'S'
postal-mime "> a quoted > paragraph\n\nanswer"
mailparser "> a quoted paragraph\n\nanswer"
S
