#!/bin/sh
# Package:  mailparser 3.14.2 (npm)
# Guess:    headers.get('list') has all links of a List- field; RFC 2369 lets each field have several, the preferred one first.
# Seen:     it has one link of a kind, and of two mailto: links that is the last, the one preferred least, with the comment of the first.
#           headerLines has the field as it came.
. "$(dirname "$0")/lib.sh"
with_npm mailparser@3.14.2
cat >run.cjs <<'J'
const { simpleParser } = require('mailparser');
(async () => {
  for (const field of ['List-Owner: <mailto:ann@example.org> (first), <mailto:bo@example.org>',
    'List-Archive: <https://lists.example.org/>, <https://old.example.org/>',
    'List-Help: <https://lists.example.org/help>, <mailto:help@example.org>'])
    console.log(JSON.stringify((await simpleParser(`${field}\r\n\r\ntext`)).headers.get('list')));
})();
J
node run.cjs >now
seen 'the first owner and the first archive are gone' now <<'S'
{"owner":{"name":"first","mail":"bo@example.org"}}
{"archive":{"url":"https://old.example.org/"}}
{"help":{"url":"https://lists.example.org/help","mail":"help@example.org"}}
S
