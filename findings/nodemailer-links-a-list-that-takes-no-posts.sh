#!/bin/sh
# Package:  nodemailer 10.6.1 (npm)
# Guess:    list: { post: 'NO' } says that nobody may post, `List-Post: NO` (RFC 2369 3.4), as a list of commits does.
# Seen:     the word is taken for a host, and mail programs get a link to http://NO. No value of `list` makes the field; `headers` does.
. "$(dirname "$0")/lib.sh"
with_npm nodemailer@10.6.1
cat >run.cjs <<'J'
const transport = require('nodemailer').createTransport({ streamTransport: true, buffer: true });
const mail = { from: 'a@example.org', to: 'b@example.org', text: 'text' };
(async () => {
  for (const more of [{ list: { post: 'NO' } }, { list: { post: { comment: 'NO' } } }, { headers: { 'List-Post': 'NO' } }]) {
    const { message } = await transport.sendMail({ ...mail, ...more });
    console.log(JSON.stringify(more), '|', /^List-Post.*$/m.exec(message.toString())?.[0]);
  }
})();
J
node run.cjs >now
seen 'NO is a link' now <<'S'
{"list":{"post":"NO"}} | List-Post: <http://NO>
{"list":{"post":{"comment":"NO"}}} | undefined
{"headers":{"List-Post":"NO"}} | List-Post: NO
S
