#!/bin/sh
# Package:  postal-mime 4.0.0 (npm)
# Guess:    the content of an attachment has the bytes that were sent, whatever the transfer encoding.
# Seen:     of an attachment in 7bit or quoted-printable each CR LF becomes LF, and one more LF stands at the end, also where the
#           type is application/octet-stream. In base64 the same bytes arrive as they are. A patch of a file with CR LF, or a
#           checksum of it, fails by that. The line end before a boundary belongs to the boundary (RFC 2046 5.1.1).
. "$(dirname "$0")/lib.sh"
with_npm postal-mime@4.0.0
cat >run.mjs <<'J'
import PostalMime from 'postal-mime';
const mail = (encoding, body) =>
  ['Content-Type: multipart/mixed; boundary=b', '', '--b', '', 'text', '--b', 'Content-Type: application/octet-stream',
    'Content-Disposition: attachment; filename=a', `Content-Transfer-Encoding: ${encoding}`, '', body, '--b--', ''].join('\r\n');
const wanted = 'one\r\ntwo';
for (const [encoding, body] of [['7bit', wanted], ['quoted-printable', wanted], ['base64', btoa(wanted)]]) {
  const { attachments } = await PostalMime.parse(mail(encoding, body));
  console.log(encoding, JSON.stringify(Buffer.from(attachments[0].content).toString()));
}
J
node run.mjs >now
seen 'other bytes than were sent, but for base64' now <<'S'
7bit "one\ntwo\n"
quoted-printable "one\ntwo\n"
base64 "one\r\ntwo"
S
