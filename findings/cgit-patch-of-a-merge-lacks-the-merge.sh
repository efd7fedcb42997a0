#!/bin/sh
# Packages: cgit 1.2.3+git20221219, git 2.39.5 (Debian 12)
# Guess:    the link "patch" at a merge leads to what its page shows: the merge against its first parent.
# Seen:     it leads to the patches of the side branch, one mail each, without the merge. How a conflict was solved is in none of them, and
#           they apply to another commit than the merge has for parent.
. "$(dirname "$0")/lib.sh"
with_git cgit=1.2.3+git20221219.50.91f2590+git2.39.1-1 liblua5.1-0=5.1.5-9
with_libraries
git init -q r && cd r
commit() { echo "$1" >f && git add f && git commit -qm "$1"; }
commit start && git checkout -q -b side && commit 'on side' && git checkout -q main && commit 'on main'
git merge -q side >/dev/null 2>&1 || true
echo solved >f && git add f && git commit -qm 'the merge' && cd ..
printf 'repo.url=r\nrepo.path=%s/r/.git\n' "$T" >cgitrc
for page in commit patch; do
  CGIT_CONFIG="$T/cgitrc" QUERY_STRING="url=r/$page/&id=$(git -C r rev-parse main)" "$T/root/usr/lib/cgit/cgit.cgi" >$page
done
{
  echo "page: $(grep -oE "the merge<|>[-+][a-z][a-z ]*<" commit | tr -d '<>' | tr '\n' ' ')"
  echo "patch: $(grep -E '^Subject: |^[-+][a-z]' patch | tr '\n' ' ')"
} >now
seen 'the patch has neither subject nor change of the merge' now <<'S'
page: the merge -on main +solved 
patch: Subject: on side -start +on side 
S
