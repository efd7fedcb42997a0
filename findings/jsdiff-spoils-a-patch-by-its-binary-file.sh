#!/bin/sh
# Packages: diff 9.0.0 (npm), git 2.39.5 (Debian 12)
# Guess:    formatPatch(parsePatch(text)) of a diff of git applies as the text does; of a binary file, which jsdiff cannot know, the data is lost or kept.
# Seen:     of a binary file the line `diff --git` alone is left, and git refuses the whole patch for it, with its other files. Where it is the last file, the others
#           are patched, and nothing says that one is missing.
. "$(dirname "$0")/lib.sh"
with_git
with_npm diff@9.0.0
cat >run.cjs <<'J'
const { readFileSync, writeFileSync } = require('node:fs');
const { formatPatch, parsePatch } = require('diff');
writeFileSync('after', formatPatch(parsePatch(readFileSync('before', 'utf8'))));
J
git init -q r
printf 'a\0' >r/logo && echo a >r/a && echo a >r/z
git -C r add . && git -C r commit -qm one
for other in a z; do
  git -C r checkout -q .
  printf 'b\0' >r/logo && echo b >r/$other
  git -C r diff --binary >before
  node run.cjs
  git -C r checkout -q .
  echo "logo and $other: $(git -C r apply "$T/after" 2>&1 | sed 's/ on line.*//') changed: $(git -C r diff --name-only | tr '\n' ' ')"
done >now
seen 'a text file cannot be patched for the binary one before it' now <<'S'
logo and a:  changed: a 
logo and z: error: git apply: bad git-diff - inconsistent old filename changed: 
S
