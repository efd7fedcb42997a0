#!/bin/sh
# Package:  mailparser 3.14.2 (npm)
# Guess:    a Date header that is not understood gives no date.
# Seen:     it gives the present moment. RFC 5322 4.3 has dates that are valid and that it does not understand: a zone of one letter,
#           blanks around the colons. An archive sorts such old mails to the top, each time anew. postal-mime gives the text back.
. "$(dirname "$0")/lib.sh"
with_npm mailparser@3.14.2
cat >run.cjs <<'J'
const { simpleParser } = require('mailparser');
(async () => {
  for (const date of ['Mon, 2 Jan 2006 15:04:05 A', 'Mon, 2 Jan 2006 15 : 04 : 05 +0000', 'Mon, 2 Jan 2006 15:04:05 Z']) {
    const found = (await simpleParser(`Date: ${date}\r\n\r\ntext`)).date;
    console.log(date, '|', Math.abs(Date.now() - found) < 60_000 ? 'now' : found.toISOString());
  }
})();
J
node run.cjs >now
seen 'old dates are taken for now' now <<'S'
Mon, 2 Jan 2006 15:04:05 A | now
Mon, 2 Jan 2006 15 : 04 : 05 +0000 | now
Mon, 2 Jan 2006 15:04:05 Z | 2006-01-02T15:04:05.000Z
S
