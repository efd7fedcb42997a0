#!/bin/sh
# Packages: msmtp 1.8.23 (Debian 12), nodemailer 10.6.1 (npm)
# Guess:    msmtpd, the small mail server beside msmtp, takes the addresses that people have, or refuses one recipient and takes the others.
# Seen:     of the signs beyond letters and digits that RFC 5322 allows it takes `+ - / = _`. At any other, as in o'brien, it says 501 and hangs up:
#           nobody gets the mail. nodemailer loses the 501 as well, and reports a broken connection, for which a sender tries again.
. "$(dirname "$0")/lib.sh"
with_deb msmtp=1.8.23-1 msmtp-mta=1.8.23-1
with_npm nodemailer@10.6.1
session() { printf 'EHLO example.org\r\n%b' "$1" | "$T/root/usr/bin/msmtpd" --inetd --command='cat >/dev/null; : %F' | tr -d '\r' | tail -n +3 | tr '\n' '|'; }
{
  taken=
  for sign in '!' '#' '$' '%' '&' "'" '*' + - / = '?' '^' _ '`' '{' '|' '}' '~'; do
    session "MAIL FROM:<ann@example.org>\r\nRCPT TO:<b${sign}o@example.org>\r\n" | grep -q '250 Ok|250 Ok|' && taken="$taken $sign"
  done
  echo "taken:$taken"
  echo "o'brien: $(session "MAIL FROM:<ann@example.org>\r\nRCPT TO:<bo@example.org>\r\nRCPT TO:<o'brien@example.org>\r\nDATA\r\n\r\ntext\r\n.\r\n")"
} >now
cat >run.cjs <<'J'
const { spawn } = require('node:child_process');
const server = require('node:net').createServer(socket => {
  const msmtpd = spawn(`${process.cwd()}/root/usr/bin/msmtpd`, ['--inetd', '--command=cat >/dev/null; : %F'], { stdio: ['pipe', 'pipe', 'ignore'] });
  socket.on('error', () => {}).pipe(msmtpd.stdin.on('error', () => {}));
  msmtpd.stdout.pipe(socket);
}).listen(0, '127.0.0.1', async () => {
  const transport = require('nodemailer').createTransport({ host: '127.0.0.1', port: server.address().port, ignoreTLS: true });
  for (const to of [['bo@example.org'], ['bo@example.org', "o'brien@example.org"]]) {
    const said = await transport.sendMail({ from: 'ann@example.org', to, text: 'text' }).then(({ response }) => response.slice(0, 6), ({ message, responseCode }) => `${message}, ${responseCode}`);
    console.log(`nodemailer: ${said}`);
  }
  server.close();
});
J
node run.cjs >>now
seen 'one address ends the session' now <<'S'
taken: + - / = _
o'brien: 250 Ok|250 Ok|501 Invalid address|
nodemailer: 250 Ok
nodemailer: Connection closed unexpectedly, undefined
S
