#!/bin/sh
# Packages: unidiff 0.7.3, whatthepatch 1.0.4 (Debian 12), git 2.39.5
# Guess:    a parser of git's diffs knows a file whose name has a blank, also where it has no hunk.
# Seen:     both take the names from the line `diff --git`, and end them at blanks. unidiff makes two files of one change to `the page.md`, the first a rename to `page.md`; a real
#           rename is one from `old page b/new` to `page`, a change of mode of `a script` is a rename to `script`. whatthepatch has the first right and the others as `b/new` and `b/a`.
. "$(dirname "$0")/lib.sh"
with_git python3-whatthepatch=1.0.4-1 python3-unidiff=0.7.3-1
with_python
git init -q r && cd r
echo one >'the page.md' && echo two >'old page' && echo three >'a script'
git add . && git commit -qm start
echo four >>'the page.md' && git mv 'old page' 'new page' && chmod +x 'a script'
cat >../run.py <<'P'
import subprocess
import unidiff
import whatthepatch
for name in ['the page.md'], ['old page', 'new page'], ['a script']:
    text = subprocess.run(['git', 'diff', '-M', 'HEAD', '--', *name], capture_output=True, text=True).stdout
    print('unidiff', name, [(file.source_file, file.target_file, file.is_rename) for file in unidiff.PatchSet(text)])
    print('whatthepatch', name, [(diff.header.old_path, diff.header.new_path) for diff in whatthepatch.parse_patch(text)])
P
"$PYTHON" ../run.py >../now
seen 'names end at a blank' ../now <<'S'
unidiff ['the page.md'] [('a/the page.md b/the', 'page.md', True), ('a/the page.md', 'b/the page.md', False)]
whatthepatch ['the page.md'] [('the page.md\t', 'the page.md\t')]
unidiff ['old page', 'new page'] [('a/old page b/new', 'page', True)]
whatthepatch ['old page', 'new page'] [('b/new', 'page')]
unidiff ['a script'] [('a/a script b/a', 'script', True)]
whatthepatch ['a script'] [('b/a', 'script')]
S
