#!/bin/sh
# Package:  git 2.39.5 (Debian 12)
# Guess:    format-patch writes a person into To and Cc as it writes one into From: a name in other letters encoded (RFC 2047), a name with a comma quoted.
# Seen:     --to, --cc and the settings format.to and format.cc are copied as they are: raw UTF-8 in a header, which only mail with SMTPUTF8 may have, and a comma that makes two
#           addresses.
. "$(dirname "$0")/lib.sh"
with_git
git init -q r && cd r && git config user.name 'Jörg, B' && git commit -q --allow-empty -m one
git config format.cc 'Jörg, B <bo@example.org>'
git format-patch -1 --stdout --to='Jörg <bo@example.org>' --always | sed -n '/^\(From:\|To:\|Cc:\)/p' >"$T/now"
seen 'one name is encoded, two are not' "$T/now" <<'S'
From: =?UTF-8?q?J=C3=B6rg=2C=20B?= <ann@example.org>
To: Jörg <bo@example.org>
Cc: Jörg, B <bo@example.org>
S
