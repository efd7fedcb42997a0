#!/bin/sh
# Packages: fossil 2.21, git 2.39.5 (Debian 12)
# Guess:    a history that goes from git to fossil and back keeps who wrote each commit, and when; only the zone is lost.
# Seen:     fossil has one person a commit, and import takes the committer: who applied the patch is its author. `--use-author` takes the
#           author. Of either only the address is left, which comes back as name and address. Of two commits of one second the older
#           moves a second back.
. "$(dirname "$0")/lib.sh"
with_git fossil=1:2.21-1+deb12u1 libfuse2=2.9.9-6+b1
with_libraries
export USER=cy
git init -q from
for subject in one two; do
  GIT_AUTHOR_NAME='Bo Berg' GIT_AUTHOR_EMAIL=bo@example.org GIT_COMMITTER_NAME='Cy Carr' GIT_COMMITTER_EMAIL=cy@example.org \
    GIT_AUTHOR_DATE='1136214245 +0000' GIT_COMMITTER_DATE='1167750245 +0000' git -C from commit -q --allow-empty -m $subject
done
format='%an, %ae, %at: %s'
{
  git -C from log --format="git: $format"
  for option in --no-vacuum --use-author; do
    git -C from fast-export --all >stream
    fossil import --git $option --admin-user cy "./$option.fossil" stream >fossil.log 2>&1 || cannot 'fossil does not import'
    git init -q "./$option"
    fossil export --git "./$option.fossil" | git -C "./$option" fast-import --quiet
    git -C "./$option" log --all --format="$option: $format"
  done
} >now
seen 'the committer is the author' now <<'S'
git: Bo Berg, bo@example.org, 1136214245: two
git: Bo Berg, bo@example.org, 1136214245: one
--no-vacuum: cy@example.org, cy@example.org, 1167750245: two
--no-vacuum: cy@example.org, cy@example.org, 1167750244: one
--use-author: bo@example.org, bo@example.org, 1136214245: two
--use-author: bo@example.org, bo@example.org, 1136214244: one
S
