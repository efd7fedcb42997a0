#!/bin/sh
# Package:  nodemailer 10.6.0 (npm)
# Guess:    dkim: { headerFieldNames: 'from:from:reply-to' } signs what it says: From twice, and Reply-To though the mail has none, so that nobody can put a second
#           From or a Reply-To above the signed ones (RFC 6376 5.4.2, 8.15).
# Seen:     the names are made a set, and those that the mail has not are left out: h=from. Neither is said.
. "$(dirname "$0")/lib.sh"
with_npm nodemailer@10.6.0
cat >run.cjs <<'J'
const { generateKeyPairSync } = require('node:crypto');
const { privateKey } = generateKeyPairSync('rsa', {
  modulusLength: 2048, publicKeyEncoding: { type: 'spki', format: 'pem' }, privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
});
const dkim = { domainName: 'example.org', keySelector: 'k', privateKey, headerFieldNames: 'from:from:reply-to:in-reply-to' };
require('nodemailer').createTransport({ streamTransport: true, buffer: true, dkim })
  .sendMail({ from: 'a@example.org', to: 'b@example.org', subject: 's', text: 't' })
  .then(({ message }) => console.log(/[; \t](h=[^;]*);/.exec(message.toString())[1]));
J
node run.cjs >now
seen 'one From is signed, and nothing that is absent' now <<'S'
h=from
S
