#!/bin/sh
# Packages: mbox-reader 1.2.0, node-mbox 2.0.0 (npm)
# Guess:    a mail in an mbox begins after a blank line, with `From `, a sender and a date (RFC 4155), so that a sentence that begins
#           with "From" inside a paragraph stays where it is.
# Seen:     both split there. mbox-reader gives the second part out as a mail from `there`; of its `>From` it takes the mark off,
#           node-mbox leaves it. Whoever writes an mbox for readers like these has to quote each such line.
. "$(dirname "$0")/lib.sh"
with_npm mbox-reader@1.2.0 node-mbox@2.0.0
cat >box <<'M'
From ann@example.org Thu Jan  1 00:00:00 2026
Subject: one

It goes
From there to here
and >From is quoted:
>From now on.

M
cat >run.cjs <<'J'
const fs = require('node:fs');
const { mboxReader } = require('mbox-reader');
const { MboxStream } = require('node-mbox');
(async () => {
  for await (const mail of mboxReader(fs.createReadStream('box')))
    console.log('mbox-reader', mail.returnPath, JSON.stringify(mail.content.toString().trim()));
  const stream = MboxStream(fs.createReadStream('box'), {});
  stream.on('data', mail => console.log('node-mbox', JSON.stringify(mail.toString().trim())));
})();
J
node run.cjs >now
seen 'one mail is two' now <<'S'
mbox-reader ann@example.org "Subject: one\n\nIt goes"
mbox-reader there "and >From is quoted:\nFrom now on."
node-mbox "Subject: one\n\nIt goes"
node-mbox "and >From is quoted:\n>From now on."
S
