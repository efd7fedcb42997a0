#!/bin/sh
# Package:  simple-git 4.0.2 (npm), git 2.39.5 (Debian 12)
# Guess:    log({ from, to }) lists what `git log from..to` lists.
# Seen:     it asks for from...to, and also lists the commits that only `from` has. `symmetric: false` asks for two dots.
. "$(dirname "$0")/lib.sh"
with_git
with_npm simple-git@4.0.2
git init -q r && cd r && git commit -q --allow-empty -m start && git checkout -q -b topic && git commit -q --allow-empty -m 'on topic'
git checkout -q main && git commit -q --allow-empty -m 'on main' && cd ..
cat >run.mjs <<'J'
import { simpleGit } from 'simple-git';
const subjects = async options => (await simpleGit('r').log(options)).all.map(commit => commit.message).sort();
console.log(JSON.stringify(await subjects({ from: 'main', to: 'topic' })));
console.log(JSON.stringify(await subjects({ from: 'main', to: 'topic', symmetric: false })));
J
node run.mjs >now
seen 'a range has both sides' now <<'S'
["on main","on topic"]
["on topic"]
S
