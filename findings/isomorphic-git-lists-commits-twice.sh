#!/bin/sh
# Packages: isomorphic-git 1.44.19 (npm), git 2.39.5 (Debian 12)
# Guess:    log lists each commit of a history once, as `git log` does.
# Seen:     where a merged side has a commit from a machine whose clock is behind, all that is below both sides comes twice: who makes mails or a count of it has them
#           twice. With right clocks it lists each once.
. "$(dirname "$0")/lib.sh"
with_git
with_npm isomorphic-git@1.44.19
cat >run.mjs <<'J'
import fs from 'node:fs';
import git from 'isomorphic-git';
for (const dir of ['right', 'behind']) console.log(dir, (await git.log({ fs, dir })).map(({ commit }) => commit.message.trim()).join(' '));
J
for clock in right behind; do
  git init -q $clock
  commit() { GIT_COMMITTER_DATE="$2 +0000" git -C $clock commit -q --allow-empty -m $1; }
  commit one 1136214200
  commit two 1136214300
  git -C $clock checkout -q -b side
  if [ $clock = right ]; then commit side 1136214400; else commit side 1136214100; fi
  git -C $clock checkout -q main
  commit three 1136214500
  GIT_COMMITTER_DATE='1136214600 +0000' git -C $clock merge -q --no-ff -m merge side
done
{
  node run.mjs
  echo "git behind" $(git -C behind log --format=%s)
} >now
seen 'commits come twice' now <<'S'
right merge three side two one
behind merge three two one side two one
git behind merge three two one side
S
