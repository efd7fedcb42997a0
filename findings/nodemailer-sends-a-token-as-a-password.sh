#!/bin/sh
# Package:  nodemailer 10.6.1 (npm)
# Guess:    SMTPConnection.login({ method: 'XOAUTH2', credentials: { user, pass: token } }) logs in by XOAUTH2, or fails where it cannot.
# Seen:     without a token generator it takes the first mechanism that the server offers, and sends the token as the password of PLAIN.
. "$(dirname "$0")/lib.sh"
with_npm nodemailer@10.6.1
cat >run.cjs <<'J'
const SMTPConnection = require('nodemailer/lib/smtp-connection');
const server = require('node:net').createServer(socket => {
  socket.write('220 mx.test ready\r\n');
  socket.on('data', data => {
    const line = data.toString();
    if (/^EHLO/.test(line)) socket.write('250-mx.test\r\n250 AUTH PLAIN XOAUTH2\r\n');
    else if (/^AUTH/.test(line)) {
      const [, mechanism, response] = line.trim().split(' ');
      console.log(mechanism, JSON.stringify(Buffer.from(response, 'base64').toString()));
      socket.end('535 no\r\n');
    }
  });
});
server.listen(0, '127.0.0.1', () => {
  const connection = new (SMTPConnection.default ?? SMTPConnection)({ host: '127.0.0.1', port: server.address().port });
  connection.on('error', () => {});
  connection.connect(() => {
    connection.login({ method: 'XOAUTH2', credentials: { user: 'ann', pass: 'TOKEN' } }, () => {
      connection.close();
      server.close();
    });
  });
});
J
node run.cjs >now
seen 'PLAIN it is' now <<'S'
PLAIN "\u0000ann\u0000TOKEN"
S
