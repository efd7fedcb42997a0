#!/bin/sh
# Package:  handlebars 4.7.10 (npm)
# Guess:    an indented partial indents the lines of its template, and a value of several lines stays as it is.
# Seen:     each line of what the partial prints is indented, values too: a text in there arrives changed, and a diff no longer
#           applies. The compile option preventIndent leaves all but the first line alone, those of the template too.
. "$(dirname "$0")/lib.sh"
with_npm handlebars@4.7.10
cat >run.cjs <<'J'
const Handlebars = require('handlebars');
Handlebars.registerPartial('part', 'head\n{{text}}\ntail\n');
for (const preventIndent of [false, true])
  console.log(JSON.stringify(Handlebars.compile('  {{> part}}\n', { preventIndent })({ text: 'one\ntwo' })));
J
node run.cjs >now
seen 'the second line of a value is indented' now <<'S'
"  head\n  one\n  two\n  tail\n"
"  head\none\ntwo\ntail\n"
S
