#!/bin/sh
# Packages: dulwich 0.21.2 (python3-dulwich), git 2.39.5 (Debian 12)
# Guess:    write_commit_patch writes what format-patch writes: git am makes the commits again, with date and modes.
# Seen:     the date is the moment of writing. A change of mode begins with `old file mode`, where git's words are `old mode`: beside a
#           changed line it is lost without a word, alone git finds no patch.
. "$(dirname "$0")/lib.sh"
with_git python3-dulwich=0.21.2-1+b1 python3-urllib3=1.26.12-1+deb12u4
with_python
git init -q r && cd r
echo x >f && git add f && git commit -qm start
export GIT_AUTHOR_DATE='1136214245 +0000'
echo y >>f && chmod +x f && git commit -qam 'a line, and executable' && chmod -x f && git commit -qam 'not executable'
unset GIT_AUTHOR_DATE
cat >"$T/run.py" <<'P'
import io, sys
from dulwich.patch import write_commit_patch, write_tree_diff
from dulwich.repo import Repo
repository = Repo('.')
commit = repository[sys.argv[1].encode()]
diff = io.BytesIO()
write_tree_diff(diff, repository.object_store, repository[commit.parents[0]].tree, commit.tree)
write_commit_patch(sys.stdout.buffer, commit, diff.getvalue(), (1, 1))
P
for revision in main~1 main; do
  git checkout -q --detach $revision~1
  "$PYTHON" "$T/run.py" "$(git rev-parse $revision)" >"$T/patch"
  grep 'old.*mode' "$T/patch"
  if git am -q "$T/patch" >/dev/null 2>&1; then
    git log -1 --format='%s, %at' | sed '/ 1136214245$/!s/[0-9]*$/another date/'
    git diff --summary $revision
  else echo 'git am refuses the patch'; git am --abort; fi
done >"$T/now"
seen 'another date, and a mode that git does not read' "$T/now" <<'S'
old file mode 100644
a line, and executable, another date
 mode change 100755 => 100644 f
old file mode 100755
git am refuses the patch
S
