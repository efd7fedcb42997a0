#!/bin/sh
# Packages: diff2html 3.4.56, gitdiff-parser 0.3.1, diff 9.0.0, parse-diff 0.12.0 (npm), patchutils 0.4.2, git 2.39.5 (Debian 12)
# Guess:    a parser of diffs that takes what format-patch writes ends the last hunk where its header says, before the signature: `-- `
#           and a version.
# Seen:     diff2html and gitdiff-parser count `-- ` as a removed line, diff (jsdiff) refuses the patch for it, and recountdiff, which is
#           there to mend the counts, makes three lines of the two. parse-diff and filterdiff do it right.
. "$(dirname "$0")/lib.sh"
with_git patchutils=0.4.2-1
with_npm diff2html@3.4.56 gitdiff-parser@0.3.1 diff@9.0.0 parse-diff@0.12.0
git init -q r && cd r
printf 'one\ntwo\n' >f && git add f && git commit -qm start && printf 'one\nthree\n' >f && git commit -qam change
git format-patch -1 --stdout >"$T/patch" && cd ..
cat >run.cjs <<'J'
const patch = require('node:fs').readFileSync('patch', 'utf8');
const [own] = require('parse-diff')(patch);
console.log('parse-diff', own.deletions);
console.log('diff2html', require('diff2html').parse(patch)[0].deletedLines);
console.log('gitdiff-parser', require('gitdiff-parser').parse(patch)[0].hunks[0].changes.filter(change => change.type === 'delete').length);
try { console.log('diff', require('diff').parsePatch(patch).length); } catch (error) { console.log('diff', error.message); }
J
node run.cjs >now
for tool in filterdiff recountdiff; do echo "$tool $("$tool" patch | grep '^@@')"; done >>now
seen 'one line is removed, and they see two' now <<'S'
parse-diff 1
diff2html 2
gitdiff-parser 2
diff Hunk at line 14 has more lines than expected (expected 2 old lines and 2 new lines)
filterdiff @@ -1,2 +1,2 @@
recountdiff @@ -1,3 +1,2 @@
S
