#!/bin/sh
# Package:  git 2.39.5 (Debian 12), protocol version 2
# Guess:    `git ls-remote URL 'refs/heads/*'` asks the server for branches alone, as `--heads` does and as a refspec of `git fetch` does:
#           version 2 has prefixes for it.
# Seen:     it gets every ref of the repository, those of pull requests too, and throws them away on its own side. `--heads` alone makes a
#           prefix of the question.
. "$(dirname "$0")/lib.sh"
with_git
git init -q --bare origin.git
tree=$(git -C origin.git hash-object -t tree -w /dev/null)
commit=$(git -C origin.git commit-tree -m one "$tree")
{
  echo "create refs/heads/main $commit"
  for number in 1 2 3 4 5 6 7 8 9; do echo "create refs/pull/$number/head $commit"; done
} | git -C origin.git update-ref --stdin
asked() {
  name=$1
  shift
  GIT_TRACE_PACKET="$T/trace" git -c protocol.version=2 "$@" >out 2>/dev/null || cannot "git $1 fails"
  printed=$(grep -c refs/ out || true)
  echo "$name: $printed printed, $(grep -c '< [0-9a-f]* refs/' trace) refs received, $(grep -c '> ref-prefix' trace || true) prefixes sent"
  rm trace
}
{
  asked 'a pattern' ls-remote "file://$T/origin.git" 'refs/heads/*'
  asked 'the name of a branch' ls-remote "file://$T/origin.git" refs/heads/main
  asked '--heads' ls-remote --heads "file://$T/origin.git"
} >now
seen 'patterns of ls-remote are not for the server' now <<'S'
a pattern: 1 printed, 10 refs received, 0 prefixes sent
the name of a branch: 1 printed, 10 refs received, 0 prefixes sent
--heads: 1 printed, 1 refs received, 1 prefixes sent
S
