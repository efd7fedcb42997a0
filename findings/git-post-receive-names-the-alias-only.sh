#!/bin/sh
# Package:  git 2.39.5 (Debian 12)
# Guess:    a push to a branch that is a symbolic ref tells post-receive the branch that moved.
# Seen:     the hook is told the alias alone. The branch behind it has moved and no hook ever says so; its next push begins at a value
#           that no hook has seen. Pushed together, both are told with the same two values.
. "$(dirname "$0")/lib.sh"
with_git
git init -q --bare s.git && git -C s.git symbolic-ref refs/heads/alias refs/heads/main
printf '#!/bin/sh\nwhile read old new ref; do echo "$ref"; done >>%s/hook\n' "$T" >s.git/hooks/post-receive
chmod +x s.git/hooks/post-receive
git init -q w && cd w && git remote add o "$T/s.git"
git commit -q --allow-empty -m one && git push -q o main
git commit -q --allow-empty -m two && git push -q o main:alias
[ "$(git -C "$T/s.git" rev-parse main)" = "$(git rev-parse main)" ] && echo 'main has moved' >>"$T/hook"
git commit -q --allow-empty -m three && git push -q o main:alias main:main
seen 'the hook hears of the alias, not of the branch' "$T/hook" <<'S'
refs/heads/main
refs/heads/alias
main has moved
refs/heads/alias
refs/heads/main
S
