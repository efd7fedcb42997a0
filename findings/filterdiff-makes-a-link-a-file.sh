#!/bin/sh
# Packages: patchutils 0.4.2, git 2.39.5 (Debian 12)
# Guess:    filterdiff without an option changes nothing; with -x it takes out the files named, with all of their lines; lsdiff lists the files of a patch.
# Seen:     git's own lines are lost where a file has no hunks, and where it stands behind such a file: a rename and a change of mode are gone, a symbolic link
#           becomes a file. With -x for a file that is not there they stay, but one `diff --git` line is doubled and git refuses the patch.
#           lsdiff lists files with hunks only.
. "$(dirname "$0")/lib.sh"
with_git patchutils=0.4.2-1
git init -q r && cd r
for file in a exe ren; do echo $file >$file; done
git add . && git commit -qm start
echo b >>a && chmod +x exe && ln -s a link && git mv ren to && git add . && git diff --cached -M HEAD >"$T/patch"
git reset -q --hard
try() {
  if git apply --index "$1" 2>"$T/error"; then git diff --cached -M --summary HEAD; git ls-files -s link | cut -c1-6; git reset -q --hard
  else sed 's/^error: //' "$T/error"; fi
}
{
  echo 'as it was' && try "$T/patch"
  echo filterdiff && filterdiff "$T/patch" >"$T/same" && try "$T/same"
  echo filterdiff -x none && filterdiff -x none "$T/patch" >"$T/same" && try "$T/same"
  echo lsdiff && lsdiff --strip 1 "$T/patch"
} >"$T/now"
seen 'a link is a file, a rename and a mode are gone' "$T/now" <<'S'
as it was
 mode change 100644 => 100755 exe
 create mode 120000 link
 rename ren => to (100%)
120000
filterdiff
 create mode 100644 link
100644
filterdiff -x none
git apply: bad git-diff - expected /dev/null, got link on line 14
lsdiff
a
link
S
