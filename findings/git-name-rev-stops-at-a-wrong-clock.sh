#!/bin/sh
# Package:  git 2.39.5 (Debian 12)
# Guess:    git name-rev names a commit after a tag that contains it.
# Seen:     it does not look below commits that are a day older than the commit asked for. One commit with a wrong clock between tag
#           and commit, and it answers `undefined`, while `git tag --contains` finds the tag.
. "$(dirname "$0")/lib.sh"
with_git
git init -q r && cd r
at() { GIT_AUTHOR_DATE="$1 +0000" GIT_COMMITTER_DATE="$1 +0000" git commit -q --allow-empty -m "$2"; }
at 1700000000 asked && asked=$(git rev-parse HEAD)
at 600000000 'clock behind' && git tag v1
{ git name-rev --tags --name-only "$asked"; git tag --contains "$asked"; } >"$T/now"
seen 'name-rev knows no name, tag --contains does' "$T/now" <<'S'
undefined
v1
S
