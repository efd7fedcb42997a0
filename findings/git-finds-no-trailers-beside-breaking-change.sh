#!/bin/sh
# Package:  git 2.39.5 (Debian 12)
# Guess:    footers of Conventional Commits, whose page says that they are made after git's trailers, are trailers for git.
# Seen:     `BREAKING CHANGE: text` has a blank in its name and is none, and one line that is none makes the whole paragraph none:
#           Reviewed-by beside it is lost, for %(trailers) as for interpret-trailers. With a Signed-off-by, which git writes itself, the
#           same paragraph counts. `BREAKING-CHANGE`, which that page allows, mends it.
. "$(dirname "$0")/lib.sh"
with_git
git init -q r && cd r
for footers in 'BREAKING CHANGE: no -x\nReviewed-by: Bo' 'BREAKING CHANGE: no -x\nReviewed-by: Bo\nSigned-off-by: Ann' \
  'BREAKING-CHANGE: no -x\nReviewed-by: Bo'; do
  printf "feat: one\n\ntext\n\n$footers\n" | git commit -q --allow-empty -F -
  git log -1 --format='log [%(trailers:only,separator=%x2C )]'
  echo "interpret-trailers [$(git log -1 --format=%B | git interpret-trailers --parse | grep -c Reviewed-by)]"
done >"$T/now"
seen 'a footer with a blank in its name hides the others' "$T/now" <<'S'
log []
interpret-trailers [0]
log [Reviewed-by: Bo, Signed-off-by: Ann]
interpret-trailers [1]
log [BREAKING-CHANGE: no -x, Reviewed-by: Bo]
interpret-trailers [1]
S
