#!/bin/sh
# Packages: patchutils 0.4.2, git 2.39.5 (Debian 12)
# Guess:    interdiff of two versions of a patch shows all in which they differ; of a binary file at least that one has it.
# Seen:     it shows lines of text alone: a second version that makes the script executable and brings a binary file is the same for it, without a word and with exit code 0.
. "$(dirname "$0")/lib.sh"
with_git patchutils=0.4.2-1
git init -q r && cd r
git commit -q --allow-empty -m start
echo '#!/bin/sh' >script && git add script && git commit -qm script && git branch one
chmod +x script && printf '\0' >data && git add . && git commit -q --amend -m script
git diff main~1 one >../one && git diff main~1 main >../two
{
  interdiff ../one ../two && echo "interdiff: exit $?, $(interdiff ../one ../two | wc -l) lines"
  git diff --summary one main
} >../now
seen 'a script is executable, and nobody sees it' ../now <<'S'
interdiff: exit 0, 0 lines
 create mode 100644 data
 mode change 100644 => 100755 script
S
