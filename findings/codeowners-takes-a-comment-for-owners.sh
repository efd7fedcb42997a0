#!/bin/sh
# Packages: codeowners 5.1.1, codeowners-utils 1.0.2 (npm)
# Guess:    both read a CODEOWNERS file as GitHub documents it.
# Seen:     codeowners takes the words of a comment at the end of a line for owners, codeowners-utils does not. For both `docs/*` also
#           owns what lies deeper, which GitHub's page excludes by this very example.
. "$(dirname "$0")/lib.sh"
with_npm codeowners@5.1.1 codeowners-utils@1.0.2
printf '%s\n' '*        @all' '/build/  @build # ask first' 'docs/*   @docs' >CODEOWNERS
cat >run.cjs <<'J'
const Codeowners = require('codeowners');
const utils = require('codeowners-utils');
const owners = new Codeowners(process.cwd());
const rules = utils.parse(require('node:fs').readFileSync('CODEOWNERS', 'utf8'));
for (const path of ['build/x', 'docs/deep/x'])
  console.log(path, JSON.stringify([owners.getOwner(path), utils.matchFile(path, rules).owners]));
J
node run.cjs >now
seen 'a comment has owners, and a star crosses a slash' now <<'S'
build/x [["@build","#","ask","first"],["@build"]]
docs/deep/x [["@docs"],["@docs"]]
S
