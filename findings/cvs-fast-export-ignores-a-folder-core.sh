#!/bin/sh
# Packages: cvs-fast-export 1.59, rcs 5.10.1, git 2.39.5 (Debian 12)
# Guess:    the first commit of a converted history has the files that the first commit in CVS had, as they are stored.
# Seen:     it has one more, .gitignore, with what CVS ignores unasked: `core`, `tags`, `*.a`. What is put into a folder core/ later, git passes over. And keywords are filled in, so that
#           each commit changes the line `$Id$` of each of its files.
. "$(dirname "$0")/lib.sh"
with_git cvs-fast-export=1.59-1+b1 rcs=5.10.1-1
mkdir cvs && cd cvs
for n in 1 2; do
  [ ! -e a.c,v ] || co -q -l a.c
  printf '/* $Id$ */\nint a = %s;\n' $n >a.c
  ci -q -d"200$n-01-02 15:04:05" -wann -t-text -m"Version $n" a.c
done
echo a.c,v | cvs-fast-export >../stream
cd .. && git init -q r && cd r
git fast-import --quiet --force <../stream && git checkout -q master
mkdir core && echo one >core/main.c && git add . 2>&1
{
  echo "files: $(git ls-files | tr '\n' ' ')"
  git check-ignore -v core/main.c
  git show -U0 --format= master -- a.c | grep '^[-+]'
} >../now
seen 'a file that CVS did not have' ../now <<'S'
files: .gitignore a.c 
.gitignore:27:core	core/main.c
--- a/a.c
+++ b/a.c
-/* $Id: a.c,v 1.1 2001/01/02 15:04:05 ann Exp $ */
-int a = 1;
+/* $Id: a.c,v 1.2 2002/01/02 15:04:05 ann Exp $ */
+int a = 2;
S
