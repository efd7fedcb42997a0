#!/bin/sh
# Package:  msmtp 1.8.23 (Debian 12)
# Guess:    an address with a quoted local part, as two dots in a row need it, reaches the server as it stands in To.
# Seen:     msmtp sends `<@example.org>`: the local part is gone. Between `<` and `>` it stays, so that it matters how To is written. An
#           address on the command line is treated alike.
. "$(dirname "$0")/lib.sh"
with_deb msmtp=1.8.23-1 libsecret-1-0=0.20.5-3 libgsasl18=2.2.0-1+deb12u2 libntlm0=1.6-4 libgssglue1=0.7-1.1 libidn12=1.41-1
with_libraries
cat >server.cjs <<'J'
let text = false;
const server = require('node:net').createServer(socket => {
  socket.write('220 server\r\n');
  require('node:readline').createInterface({ input: socket }).on('line', line => {
    if (text && line !== '.') return;
    text = /^DATA/i.test(line);
    if (/^RCPT/i.test(line)) console.log(line);
    socket.write(text ? '354 go on\r\n' : '250 ok\r\n');
  });
});
server.listen(0, '127.0.0.1', () => require('node:fs').writeFileSync('port', String(server.address().port)));
setTimeout(() => process.exit(), 30_000);
J
node server.cjs >now &
server=$!
while [ ! -s port ]; do kill -0 $server || cannot 'no server'; sleep 0.1; done
for to in '"bo..b"@example.org' '<"bo..b"@example.org>'; do
  printf 'From: ann@example.org\nTo: %s\n\ntext\n' "$to" | msmtp --host=127.0.0.1 --port="$(cat port)" --from=ann@example.org -t
done
kill $server
seen 'the local part is gone' now <<'S'
RCPT TO:<@example.org>
RCPT TO:<"bo..b"@example.org>
S
