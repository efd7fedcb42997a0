#!/bin/sh
# Package:  smtp-server 3.21.6 (npm)
# Guess:    session.envelope has the addresses that the client sent.
# Seen:     a domain sent in ASCII (xn--) is handed on in Unicode, with no SMTPUTF8 in the session: it is not in a table of recipients that
#           has it as sent. A quoted local part with a blank in it, which RFC 5321 4.1.2 allows, is refused.
. "$(dirname "$0")/lib.sh"
with_npm smtp-server@3.21.6
cat >run.cjs <<'J'
const { SMTPServer } = require('smtp-server');
const lines = ['EHLO client.example.org', 'MAIL FROM:<ann@example.org>',
  'RCPT TO:<bo@xn--bcher-kva.example.org>', 'RCPT TO:<"bo.b"@example.org>', 'RCPT TO:<"bo b"@example.org>', 'QUIT'];
const server = new SMTPServer({
  disabledCommands: ['AUTH', 'STARTTLS'],
  onRcptTo({ address }, session, done) { console.log('recipient', address); done(); },
});
server.listen(0, '127.0.0.1', () => {
  const client = require('node:net').connect(server.server.address().port, '127.0.0.1');
  let said = '';
  client.on('data', data => {
    said += data;
    if (!/^\d+ .*\r\n$/m.test(said)) return;
    if (said.startsWith('5')) console.log(said.trim());
    said = '';
    if (lines.length) client.write(`${lines.shift()}\r\n`);
  });
  client.on('close', () => server.close());
});
J
node run.cjs >now
seen 'a recipient has another domain, and one is refused' now <<'S'
recipient bo@bücher.example.org
recipient "bo.b"@example.org
501 Error: Bad recipient address syntax
S
