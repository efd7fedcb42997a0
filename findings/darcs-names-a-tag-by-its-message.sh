#!/bin/sh
# Packages: darcs 2.16.5, git 2.39.5 (Debian 12)
# Guess:    a history that goes from git to darcs and back (darcs convert import, convert export) keeps the names of tags, and who wrote a patch.
# Seen:     an annotated tag is named by its message from then on: v1, `first release`, comes back as first_release. The author is whoever committed.
. "$(dirname "$0")/lib.sh"
with_git darcs=2.16.5-1
git init -q g
export GIT_AUTHOR_NAME=Bo GIT_AUTHOR_EMAIL=bo@example.org
for n in one two; do echo $n >g/$n && git -C g add $n && git -C g commit -qm $n; done
git -C g tag -m 'first release' v1
git -C g fast-export --all >stream
darcs convert import d <stream >darcs.log 2>&1 || { cat darcs.log; cannot 'darcs does not import'; }
git init -q back
(cd d && darcs convert export 2>/dev/null) | git -C back fast-import --quiet >/dev/null
for r in g back; do
  echo "$r: $(git -C $r tag -l | tr '\n' ' ')"
  git -C $r log --all --format='  %an: %s'
done >now
seen 'a tag has another name, a patch another author' now <<'S'
g: v1 
  Bo: two
  Bo: one
back: first_release 
  Ann: two
  Ann: one
S
