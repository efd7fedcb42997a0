#!/bin/sh
# Packages: fossil 2.21, git 2.39.5 (Debian 12)
# Guess:    `fossil export --git` and `fossil git export` are two ways to one history.
# Seen:     they name the person otherwise, `ann <ann>` and `ann <>`, with an empty address; the branch otherwise; and one alone writes the trailer FossilOrigin-Name. No
#           commit has the same id in both: who changes from one to the other begins anew.
. "$(dirname "$0")/lib.sh"
with_git fossil=1:2.21-1+deb12u1 libfuse2=2.9.9-6+b1
with_libraries
fossil version >/dev/null 2>&1 || cannot 'fossil does not run'
export USER=ann
fossil init --admin-user ann r.fossil >/dev/null
mkdir w && cd w && fossil open ../r.fossil >/dev/null && echo one >f && fossil add f >/dev/null && fossil commit --no-warnings -m one >/dev/null
mkdir "$T/git" && fossil git export "$T/git" >/dev/null 2>&1
git init -q "$T/export" && fossil export --git ../r.fossil | git -C "$T/export" fast-import --quiet
for way in export git; do
  echo "$way: $(git -C "$T/$way" for-each-ref --format='%(refname)')"
  git -C "$T/$way" log --all -1 --format='  %an <%ae> | %s | %(trailers:separator=%x2C )' | sed 's/[0-9a-f]\{64\}/ID/'
  git -C "$T/$way" log --all --format=%T%at | sort >"$T/$way.trees"
  git -C "$T/$way" log --all --format=%H | sort >"$T/$way.ids"
done >"$T/now"
echo "trees and dates in both: $(comm -12 "$T/export.trees" "$T/git.trees" | wc -l), ids: $(comm -12 "$T/export.ids" "$T/git.ids" | wc -l)" >>"$T/now"
seen 'two idents, two branches, no id in common' "$T/now" <<'S'
export: refs/heads/trunk
  ann <ann> | one | 
git: refs/heads/main
  ann <> | one | FossilOrigin-Name: ID
trees and dates in both: 2, ids: 0
S
