#!/bin/sh
# Packages: git-filter-repo 2.38.0, git 2.39.5 (Debian 12)
# Guess:    git-filter-repo, which mends ids of commits inside messages, moves each note to the commit that replaces its own, as git rebase
#           can, and a filter of paths means the paths of files.
# Seen:     notes stay at ids that are gone, so that log shows none. Each note is a file whose name is an id, on a ref of its own, and
#           filters mean these too: `--path` drops all notes, `--to-subdirectory-filter` moves them where git looks for none.
. "$(dirname "$0")/lib.sh"
with_git git-filter-repo=2.38.0-1
with_python
for filter in '--invert-paths --path drop' '--path keep' '--to-subdirectory-filter sub'; do
  rm -rf r && git init -q r && cd r
  echo 1 >keep && echo 1 >drop && git add . && git commit -qm one && git notes add -m note
  old=$(git rev-parse HEAD)
  git commit -q --allow-empty -m "two, after $(git rev-parse --short HEAD)"
  "$PYTHON" "$T/root/usr/bin/git-filter-repo" --force --quiet $filter >/dev/null
  new=$(git rev-parse HEAD~1)
  echo "$filter: $(git log -1 --format=%s | sed "s/$(git rev-parse --short HEAD~1)/the new id/")$(git log --format=%N | tr -d '\n')"
  git ls-tree -r --name-only refs/notes/commits 2>/dev/null | sed "s/$old/  the old id/; s/$new/  the new id/" || true
  cd ..
done >now
seen 'messages follow, notes do not' now <<'S'
--invert-paths --path drop: two, after the new id
  the old id
--path keep: two, after the new id
--to-subdirectory-filter sub: two, after the new id
sub/  the old id
S
