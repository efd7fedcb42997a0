#!/bin/sh
# Package:  roundcube-core 1.6.5 (Debian 12) with php-masterminds-html5 2.7.6
# Guess:    the sanitiser of a webmail takes elements and attributes away; the text of a mail stays as it was written.
# Seen:     typographic quotation marks and the ellipsis of an HTML part become ASCII, in code as well: a changed line of a diff that
#           replaces one kind by the other shows the same text twice. Low and guillemet quotation marks and dashes stay.
. "$(dirname "$0")/lib.sh"
with_deb roundcube-core=1.6.5+dfsg-1+deb12u13 php-masterminds-html5=2.7.6+dfsg-1
php -m 2>/dev/null | grep -q '^dom$' || cannot 'no php with its module dom'
cat >wash.php <<'P'
<?php
error_reporting(E_ALL & ~E_DEPRECATED);
define('RCUBE_CHARSET', 'UTF-8');
spl_autoload_register(function ($name) {
  foreach (['php', 'roundcube/program/lib/Roundcube'] as $folder) {
    $file = getenv('T') . "/root/usr/share/$folder/" . strtr($name, chr(92), '/') . '.php';
    if (is_file($file)) { require $file; return; }
  }
});
$washer = new rcube_washtml(['charset' => 'UTF-8']);
foreach (file('lines', FILE_IGNORE_NEW_LINES) as $line) {
  $washed = $washer->wash("<pre>$line</pre>");
  echo trim(html_entity_decode(strip_tags($washed), ENT_QUOTES, 'UTF-8')), "\n";
}
P
cat >lines <<'L'
- say('Don’t');
+ say('Don't');
“a” ‘b’ …
„c“ «d» – —
L
T="$T" php wash.php >now || cannot 'the sanitiser does not run'
seen 'typographic marks of a mail become plain' now <<'S'
- say('Don't');
+ say('Don't');
"a" 'b' ...
„c" «d» – —
S
