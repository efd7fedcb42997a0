#!/bin/sh
# Packages: letterparser 0.1.8, eml-parse-js 1.1.15, emailjs 5.0.3 (npm)
# Guess:    of `To: team: bo@example.org, cy@example.org;`, a group (RFC 5322 3.4), who reads or sends mails knows two addresses.
# Seen:     letterparser has `team: bo@example.org` and `cy@example.org;`. eml-parse-js has a person `team` without an address, and nobody else. emailjs writes
#           a mail to `team` at the address `undefined`, without an error.
. "$(dirname "$0")/lib.sh"
with_npm letterparser@0.1.8 eml-parse-js@1.1.15 emailjs@5.0.3
cat >run.mjs <<'J'
import { createRequire } from 'node:module';
import { Message } from 'emailjs';
import { extract } from 'letterparser';
const { readEml } = createRequire(import.meta.url)('eml-parse-js');
const to = 'team: bo@example.org, cy@example.org;';
const mail = `From: ann@example.org\r\nTo: ${to}\r\nSubject: one\r\n\r\ntext\r\n`;
console.log('letterparser', JSON.stringify(extract(mail).to.map(({ address }) => address)));
readEml(mail, (_, read) => console.log('eml-parse-js', JSON.stringify(read.to)));
console.log('emailjs', /^To:.*/m.exec(await new Message({ from: 'ann@example.org', to, subject: 'one', text: 'text' }).readAsync())[0]);
J
node run.mjs >now
seen 'no two addresses' now <<'S'
letterparser ["team: bo@example.org","cy@example.org;"]
eml-parse-js {"name":"team"}
emailjs To: =?UTF-8?Q?team?= <undefined>
S
