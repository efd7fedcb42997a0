#!/bin/sh
# Package:  git-url-parse 16.1.0 (npm)
# Guess:    of an address whose path is the repository alone the owner is empty, and a plain path is a valid address of git.
# Seen:     the owner is the ssh user: every repository of a plain ssh host belongs to `git`. A plain path throws.
. "$(dirname "$0")/lib.sh"
with_npm git-url-parse@16.1.0
cat >run.mjs <<'J'
import parse from 'git-url-parse';
for (const url of ['git@example.org:project.git', 'ssh://hg@example.org/project.git', '/srv/git/project.git']) {
  try { console.log(url, JSON.stringify([parse(url).owner, parse(url).full_name])); } catch (error) { console.log(url, error.message); }
}
J
node run.mjs >now
seen 'the user is the owner' now <<'S'
git@example.org:project.git ["git","git/project"]
ssh://hg@example.org/project.git ["hg","hg/project"]
/srv/git/project.git URL parsing failed.
S
