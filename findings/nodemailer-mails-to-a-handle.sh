#!/bin/sh
# Package:  nodemailer 10.6.0 (npm)
# Guess:    what is no address, such as a handle out of a CODEOWNERS file, is left out of the envelope like a bare word, or refused.
# Seen:     a bare word is left out; a handle becomes a recipient with an empty quoted local part, ""@example/core, in Cc and in the envelope. Of two mailboxes without a comma the second becomes a part of the first one's name.
. "$(dirname "$0")/lib.sh"
with_npm nodemailer@10.6.0
cat >run.cjs <<'J'
const transport = require('nodemailer').createTransport({ streamTransport: true, buffer: true });
(async () => {
  for (const cc of ['ann', '@ann', '@example/core', 'Ann <ann@example.org> Bo <bo@example.org>']) {
    const { envelope, message } = await transport.sendMail({ from: 'a@example.org', to: 'list@example.org', cc, text: 't' });
    console.log(cc, JSON.stringify(envelope.to.slice(1)), /^Cc.*$/m.exec(message.toString())?.[0]);
  }
})();
J
node run.cjs >now
seen 'a handle is a recipient' now <<'S'
ann [] undefined
@ann ["\"\"@ann"] Cc: <""@ann>
@example/core ["\"\"@example/core"] Cc: <""@example/core>
Ann <ann@example.org> Bo <bo@example.org> ["ann@example.org"] Cc: "Ann Bo bo@example.org" <ann@example.org>
S
