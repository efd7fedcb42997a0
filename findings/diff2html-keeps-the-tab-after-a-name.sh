#!/bin/sh
# Packages: diff2html 3.4.56, gitdiff-parser 0.3.1, parse-diff 0.12.0 (npm)
# Guess:    a parser of git's diffs gives a file whose name has a blank its name.
# Seen:     git ends the line `+++ b/a name` with a TAB where the name has a blank, as patch(1) wants it. diff2html and gitdiff-parser
#           take the TAB for part of the name, so that it is no file of the tree and a link to it is dead. parse-diff takes it off.
. "$(dirname "$0")/lib.sh"
with_npm diff2html@3.4.56 gitdiff-parser@0.3.1 parse-diff@0.12.0
printf '%s\n' 'diff --git a/a name b/a name' 'index 5626abf..f719efd 100644' '--- a/a name	' '+++ b/a name	' '@@ -1 +1 @@' '-one' '+two' >diff
cat >run.mjs <<'J'
import { createRequire } from 'node:module';
import { readFileSync } from 'node:fs';
const require = createRequire(import.meta.url);
const diff = readFileSync('diff', 'utf8');
console.log('diff2html', JSON.stringify(require('diff2html').parse(diff)[0].newName));
console.log('gitdiff-parser', JSON.stringify(require('gitdiff-parser').parse(diff)[0].newPath));
console.log('parse-diff', JSON.stringify(require('parse-diff')(diff)[0].to));
J
node run.mjs >now
seen 'two of three parsers keep the TAB' now <<'S'
diff2html "a name\t"
gitdiff-parser "a name\t"
parse-diff "a name"
S
