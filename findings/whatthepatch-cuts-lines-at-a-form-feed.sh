#!/bin/sh
# Packages: whatthepatch 1.0.4, unidiff 0.7.3 (Debian 12), git 2.39.5
# Guess:    a parser of diffs ends a line where git does, at a line feed.
# Seen:     whatthepatch takes Python's splitlines(), for which a form feed, a lone carriage return, U+0085 and U+2028 end a line as well. What follows in the
#           line is lost without a word; sources of GNU programs have form feeds. unidiff keeps the lines whole.
. "$(dirname "$0")/lib.sh"
with_git python3-whatthepatch=1.0.4-1 python3-unidiff=0.7.3-1
with_python
git init -q r && cd r
git commit -q --allow-empty -m start
printf 'a form\ffeed\na carriage\rreturn\na line\342\200\250separator\nlast\n' >file && git add file
git diff --cached >../patch
cat >../run.py <<'P'
import unidiff
import whatthepatch
text = open('../patch', newline='').read()
print('whatthepatch', [change.line for diff in whatthepatch.parse_patch(text) for change in diff.changes])
print('unidiff', [line.value for file in unidiff.PatchSet(text) for hunk in file for line in hunk])
P
"$PYTHON" ../run.py >../now
seen 'half of three lines is lost' ../now <<'S'
whatthepatch ['a form', 'a carriage', 'a line', 'last']
unidiff ['a form\x0cfeed\n', 'a carriage\rreturn\n', 'a line\u2028separator\n', 'last\n']
S
