#!/bin/sh
# Package:  mailparser 3.14.2 (npm)
# Guess:    messageId, inReplyTo and references are the ids between < and >.
# Seen:     a comment beside an id, which RFC 5322 3.6.4 allows, becomes part of it or an id of its own, with brackets put around;
#           two ids without a blank between them, allowed too, are one. Threads break there.
. "$(dirname "$0")/lib.sh"
with_npm mailparser@3.14.2
cat >run.cjs <<'J'
const { simpleParser } = require('mailparser');
(async () => {
  const lines = ['Message-ID: <a@example.org> (made here)', 'In-Reply-To: (yours) <b@example.org>', 'References: <c@example.org> (first) <d@example.org>'];
  const mail = await simpleParser(`${lines.join('\r\n')}\r\n\r\ntext`);
  console.log(JSON.stringify([mail.messageId, mail.inReplyTo, mail.references]));
  const close = await simpleParser('References: <c@example.org><d@example.org>\r\n\r\ntext');
  console.log(JSON.stringify(close.references));
})();
J
node run.cjs >now
seen 'comments are ids, two ids are one' now <<'S'
["<a@example.org> (made here)>","<(yours) <b@example.org>",["<c@example.org>","<(first)>","<d@example.org>"]]
"<c@example.org><d@example.org>"
S
