#!/bin/sh
# Packages: dulwich 0.21.2 (python3-dulwich), git 2.39.5 (Debian 12)
# Guess:    a post-receive hook gets the same from dulwich's receive-pack as from git's: a line for each ref.
# Seen:     the last line has no line end, and `read` of a shell says no to it: the usual `while read old new ref` passes over one ref
#           of each push. Of a push of one ref the hook hears nothing. It runs, and the push succeeds.
. "$(dirname "$0")/lib.sh"
with_git python3-dulwich=0.21.2-1+b1 python3-urllib3=1.26.12-1+deb12u4
with_python
git init -q w && git -C w commit -q --allow-empty -m one && git -C w branch topic
for receiver in git-receive-pack dul-receive-pack; do
  git init -q --bare "$receiver.git"
  printf '#!/bin/sh\nwhile read old new ref; do echo "%s $ref"; done >>%s/now\n' "$receiver" "$T" >"$receiver.git/hooks/post-receive"
  chmod +x "$receiver.git/hooks/post-receive"
  for refs in main 'main:two topic:three'; do
    git -C w push -q --receive-pack="$receiver" "$T/$receiver.git" $refs || cannot "$receiver takes no push"
  done
  echo "$(git -C "$receiver.git" for-each-ref | wc -l) refs are there" >>now
done
seen 'a hook hears of one ref less than were pushed' now <<'S'
git-receive-pack refs/heads/main
git-receive-pack refs/heads/two
git-receive-pack refs/heads/three
3 refs are there
dul-receive-pack refs/heads/two
3 refs are there
S
