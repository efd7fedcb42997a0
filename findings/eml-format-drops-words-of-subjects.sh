#!/bin/sh
# Package:  eml-format 0.6.1 (npm)
# Guess:    of a subject in which one word is encoded (RFC 2047), all words are read; of quoted-printable text `=3D` is an equals sign.
# Seen:     the encoded word is all that is left of the subject. An equals sign at the end of a line is taken for a soft break once more: it is lost, and the next line of the
#           program is joined to it.
. "$(dirname "$0")/lib.sh"
with_npm eml-format@0.6.1
printf '%s\n' 'From: ann@example.org' 'To: bo@example.org' 'Subject: Show =?utf-8?q?caf=C3=A9?= in lists' ' and in' ' mails' 'Content-Type: text/plain; charset=utf-8' \
  'Content-Transfer-Encoding: quoted-printable' '' '+const sum =3D' '+  one + two;' '+x =3D 1;' | sed 's/$/\r/' >mail
cat >run.cjs <<'J'
const { readFileSync } = require('node:fs');
require('eml-format').read(readFileSync('mail', 'latin1'), (error, { subject, text }) => console.log(JSON.stringify([subject, text])));
J
node run.cjs >now 2>&1
seen 'words are lost' now <<'S'
["café","+const sum +  one + two;\r\n+x = 1;\r\n"]
S
