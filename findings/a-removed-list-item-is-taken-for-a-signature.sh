#!/bin/sh
# Packages: aerc 0.14.0 (Debian 12), email-reply-parser 2.3.9 (npm)
# Guess:    who looks for the line `-- ` before a signature leaves diffs alone; aerc's filter colorize knows diffs.
# Seen:     a removed line `- `, an empty list item, is `-- ` in a diff. colorize gives everything after it the colour of a signature, added
#           and removed lines and whole further files, until the mail ends. email-reply-parser throws it away, with the answer below.
. "$(dirname "$0")/lib.sh"
with_deb aerc=0.14.0-1+b5
with_npm email-reply-parser@2.3.9
cat >run.cjs <<'J'
const Parser = require('email-reply-parser').default;
console.log(JSON.stringify(new Parser().read(require('node:fs').readFileSync('mail', 'utf8')).getVisibleText()));
J
for item in '- ' '-  one'; do
  printf '%s\n' 'diff --git a/f b/f' '--- a/f' '+++ b/f' '@@ -1,3 +1,2 @@' ' list' "-$item" '-old' '+new' '' 'What do you think?' >mail
  awk -f "$T/root/usr/share/aerc/filters/colorize" mail | sed -n "6,8s/$(printf '\033')\\[\\([0-9;]*\\)m/<\\1>/gp"
  node run.cjs
done >now
seen 'a removed and an added line have one colour, and the rest is cut' now <<'S'
<38;2;175;135;255>-- <0>
<38;2;175;135;255>-old<0>
<38;2;175;135;255>+new<0>
"diff --git a/f b/f\n--- a/f\n+++ b/f\n@@ -1,3 +1,2 @@\n list"
<38;2;205;0;0>--  one<0>
<38;2;205;0;0>-old<0>
<38;2;0;205;0>+new<0>
"diff --git a/f b/f\n--- a/f\n+++ b/f\n@@ -1,3 +1,2 @@\n list\n--  one\n-old\n+new\n\nWhat do you think?\n"
S
