#!/bin/sh
# Package:  git 2.39.5 (Debian 12)
# Guess:    comments are a matter of the editor. In a message that is stored, a line that starts with # is text; one after a trailer makes the last
#           paragraph none of trailers. And what trailers a commit has does not hang on the settings of who looks.
# Seen:     git log and interpret-trailers skip lines that start with the reader's core.commentChar: `#123 ...` beside a trailer does no harm, unless the
#           reader has another character set, and with `core.commentChar = S` the last Signed-off-by is gone.
. "$(dirname "$0")/lib.sh"
with_git
git init -q r && cd r
printf 'one\n\ntext\n\nReviewed-by: Bo\n#123 has more\n' | git commit -q --cleanup=verbatim --allow-empty -F -
printf 'two\n\ntext\n\nReviewed-by: Bo\nSigned-off-by: Ann\n' | git commit -q --allow-empty -F -
for character in '#' ';' S; do
  for commit in HEAD^ HEAD; do
    echo "$character $(git log -1 --format=%s $commit):" \
      "log [$(git -c "core.commentChar=$character" log -1 --format='%(trailers:only,separator=%x2C )' $commit)]" \
      "interpret-trailers [$(git log -1 --format=%B $commit | git -c "core.commentChar=$character" interpret-trailers --parse | paste -sd, -)]"
  done
done >"$T/now"
seen 'the comment character of the reader decides' "$T/now" <<'S'
# one: log [Reviewed-by: Bo] interpret-trailers [Reviewed-by: Bo]
# two: log [Reviewed-by: Bo, Signed-off-by: Ann] interpret-trailers [Reviewed-by: Bo,Signed-off-by: Ann]
; one: log [] interpret-trailers []
; two: log [Reviewed-by: Bo, Signed-off-by: Ann] interpret-trailers [Reviewed-by: Bo,Signed-off-by: Ann]
S one: log [] interpret-trailers []
S two: log [Reviewed-by: Bo] interpret-trailers [Reviewed-by: Bo]
S
