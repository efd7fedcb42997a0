#!/bin/sh
# Package:  git 2.39.5 (Debian 12)
# Guess:    `git rev-list NEW ^SEEN` prints no commit that SEEN reaches.
# Seen:     it walks by date, and stops on the side of SEEN five commits after that side has become older than all that is left. With
#           six commits from a machine whose clock is behind it prints old commits. `--topo-order` changes nothing; merge-base and
#           cherry are right. (A commit-graph with `--topo-order` is right too.)
. "$(dirname "$0")/lib.sh"
with_git
git init -q r && cd r
at() { GIT_AUTHOR_DATE="$1 +0000" GIT_COMMITTER_DATE="$1 +0000" git commit -q --allow-empty -m "$2"; }
for n in 1 2 3; do at $((1700000000 + n)) "old $n"; done
git branch side
for n in 1 2 3 4 5 6 7; do at $((900000000 + n)) "clock behind $n"; done
git branch seen
git checkout -q side && at 1700000100 new
git merge-base --is-ancestor side~1 seen && echo 'seen reaches side~1' >"$T/now"
git log --format=%s side ^seen >>"$T/now"
echo "$(git rev-list --topo-order --count side ^seen) in topological order" >>"$T/now"
echo "$(git cherry seen side | wc -l) by cherry" >>"$T/now"
seen 'rev-list prints commits that it was to leave out' "$T/now" <<'S'
seen reaches side~1
new
old 3
old 2
old 1
4 in topological order
1 by cherry
S
