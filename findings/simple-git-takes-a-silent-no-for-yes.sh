#!/bin/sh
# Package:  simple-git 4.0.2 (npm), git 2.39.5 (Debian 12)
# Guess:    a command that ends with another code than 0 rejects.
# Seen:     it resolves where nothing was written to standard error. `merge-base --is-ancestor` answers by its exit code alone, so both
#           answers are the same empty string; `rev-parse --verify -q` of a name that is none resolves too.
. "$(dirname "$0")/lib.sh"
with_git
with_npm simple-git@4.0.2
git init -q r && git -C r commit -q --allow-empty -m one && git -C r commit -q --allow-empty -m two
cat >run.mjs <<'J'
import { simpleGit } from 'simple-git';
const git = simpleGit('r');
for (const args of [['merge-base', '--is-ancestor', 'main~1', 'main'], ['merge-base', '--is-ancestor', 'main', 'main~1'], ['rev-parse', '--verify', '-q', 'none']])
  console.log(args.join(' '), '|', await git.raw(args).then(text => `resolved ${JSON.stringify(text)}`, () => 'rejected'));
J
node run.mjs >now
seen 'no is resolved like yes' now <<'S'
merge-base --is-ancestor main~1 main | resolved ""
merge-base --is-ancestor main main~1 | resolved ""
rev-parse --verify -q none | resolved ""
S
