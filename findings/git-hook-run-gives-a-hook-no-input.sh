#!/bin/sh
# Package:  git 2.39.5 (Debian 12)
# Guess:    `git hook run post-receive <lines` tries a hook with the lines that it would get of a push.
# Seen:     the hook runs, in the repository and with GIT_DIR as in a push, on an empty input, whatever stands on the command's own: it does nothing and ends with 0. What it
#           prints comes on standard error.
. "$(dirname "$0")/lib.sh"
with_git
git init -q --bare r.git && cd r.git
printf '#!/bin/sh\necho "GIT_DIR=$GIT_DIR, lines: $(wc -l)"\n' >hooks/post-receive && chmod +x hooks/post-receive
zeros=0000000000000000000000000000000000000000
{
  echo "$zeros $zeros refs/heads/main" | git hook run post-receive 2>"$T/error"
  echo "code $?, standard error: $(cat "$T/error")"
  echo "$zeros $zeros refs/heads/main" | GIT_DIR=. hooks/post-receive
} >"$T/now"
seen 'no line reaches the hook' "$T/now" <<'S'
code 0, standard error: GIT_DIR=., lines: 0
GIT_DIR=., lines: 1
S
