#!/bin/sh
# Package:  git 2.39.5 (Debian 12)
# Guess:    git quiltimport makes of a series of patches commits that say what each patch says at its top: of one with the fields that Debian wants (DEP-3), Description
#           and Author; of one with a text, its first line as the subject.
# Seen:     of the first nothing is left. Description and Author are read as the header of a mail and passed over: the commit is named after the file, and its author is
#           whoever --author names for patches without one. The text stands below the file's name, too.
. "$(dirname "$0")/lib.sh"
with_git
git init -q r && cd r
echo one >file && git add file && git commit -qm start
mkdir patches
change() { printf '%s\n' '--- a/file' '+++ b/file' '@@ -1 +1 @@' "-$1" "+$2"; }
{ printf '%s\n' 'Description: Count to two' ' It is needed.' 'Author: Bo <bo@example.org>' 'Forwarded: no' '---' && change one two; } >patches/debian.patch
{ printf '%s\n' 'Count to three' '' 'It is needed.' '' && change two three; } >patches/text.patch
printf '%s\n' debian.patch text.patch >patches/series
git quiltimport --patches patches --author 'Cy <cy@example.org>' >../out 2>&1
for commit in main~1 main; do echo "$(git log -1 --format='%an: %B' $commit | sed '/^$/d' | tr '\n' '/')"; done >../now
seen 'a commit has the name of a file' ../now <<'S'
Cy: debian/
Cy: text/Count to three/It is needed./
S
