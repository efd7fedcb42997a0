#!/bin/sh
# Package:  aerc 0.14.0 (Debian 12)
# Guess:    its filter colorize, which knows diffs, colours them to their end.
# Seen:     a removed line `- `, an empty list item, is `-- ` in a diff: the line before a signature. From there on everything is coloured
#           as signature, added and removed lines and whole further files, until the mail ends.
. "$(dirname "$0")/lib.sh"
with_deb aerc=0.14.0-1+b5
for item in '- ' '-  one'; do
  printf '%s\n' 'diff --git a/f b/f' '--- a/f' '+++ b/f' '@@ -1,3 +1,3 @@' ' list' "-$item" '-old' '+new' |
    awk -f "$T/root/usr/share/aerc/filters/colorize" | sed -n '6,$p' |
    sed "s/$(printf '\033')\[\([0-9;]*\)m/<\1>/g"
  echo
done >now
seen 'a removed and an added line have one colour' now <<'S'
<38;2;175;135;255>-- <0>
<38;2;175;135;255>-old<0>
<38;2;175;135;255>+new<0>

<38;2;205;0;0>--  one<0>
<38;2;205;0;0>-old<0>
<38;2;0;205;0>+new<0>

S
