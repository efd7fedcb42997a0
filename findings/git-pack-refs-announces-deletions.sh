#!/bin/sh
# Package:  git 2.39.5 (Debian 12)
# Guess:    the hook reference-transaction, in the state `committed`, hears each change of a branch once, and nothing else: a mailer or a mirror for changes that
#           no push brings can be made of it.
# Seen:     git pack-refs, which git gc runs, tells it that every branch is deleted, though none is. Deleting a packed branch is told twice, first from zeros to zeros. Of a
#           renamed branch it hears the end of the old name, and nothing of the new one.
. "$(dirname "$0")/lib.sh"
with_git
git init -q --bare r.git && cd r.git
printf '#!/bin/sh\n[ "$1" != committed ] || sed "s/0\\{40\\}/zeros/g; s/[0-9a-f]\\{40\\}/id/g; s/^/  /" >>"%s/heard"\n' "$T" >hooks/reference-transaction
chmod +x hooks/reference-transaction
id=$(git commit-tree -m one "$(git mktree </dev/null)")
heard() { echo "$*"; : >"$T/heard"; "$@"; cat "$T/heard"; }
{
  git update-ref refs/heads/main "$id" && git update-ref refs/heads/two "$id"
  heard git pack-refs --all
  git for-each-ref --format='  (%(refname) is there)'
  heard git branch -q -D two
  heard git branch -m main new
} >"$T/now"
seen 'packing deletes, deleting counts twice, a new name is nothing' "$T/now" <<'S'
git pack-refs --all
  zeros id refs/heads/main
  zeros id refs/heads/two
  id zeros refs/heads/two
  id zeros refs/heads/main
  (refs/heads/main is there)
  (refs/heads/two is there)
git branch -q -D two
  zeros zeros refs/heads/two
  zeros zeros refs/heads/two
git branch -m main new
  zeros zeros refs/heads/main
  id zeros refs/heads/main
  id zeros HEAD
S
