#!/bin/sh
# Packages: patch 2.7.6, git 2.39.5 (Debian 12)
# Guess:    where a diff says only that binary files differ, patch says that it cannot do that, as git apply does, and ends with 1.
# Seen:     it says `patching file`, ends with 0, and leaves the old file. With the data there, of `git diff --binary`, it refuses.
. "$(dirname "$0")/lib.sh"
with_git patch=2.7.6-7
git init -q r && cd r
printf 'a\0' >logo && echo a >text && git add . && git commit -qm one
printf 'b\0' >logo && echo b >text
git diff >"$T/plain" && git diff --binary >"$T/binary"
for diff in plain binary; do
  echo "$diff"
  for tool in 'git apply' 'patch -p1 -i'; do
    git checkout -q .
    code=0
    $tool "$T/$diff" >"$T/out" 2>&1 || code=$?
    sed 's/^/  /' "$T/out"
    echo "  $tool: $code, changed: $(git diff --name-only | tr '\n' ' ')"
  done
done >"$T/now"
seen 'patch reports a file as patched and leaves it' "$T/now" <<'S'
plain
  error: cannot apply binary patch to 'logo' without full index line
  error: logo: patch does not apply
  git apply: 1, changed: 
  patching file logo
  patching file text
  patch -p1 -i: 0, changed: text 
binary
  git apply: 0, changed: logo text 
  File logo: git binary diffs are not supported.
  patching file text
  patch -p1 -i: 1, changed: text 
S
