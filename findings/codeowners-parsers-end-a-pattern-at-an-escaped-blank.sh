#!/bin/sh
# Packages: codeowners 5.1.1, codeowners-utils 1.0.2, @snyk/github-codeowners 1.1.0 (npm)
# Guess:    `\ ` is a blank in a pattern, as in git's ignore files, whose rules GitHub's page refers to, and as GitLab's page shows.
# Seen:     for none. The pattern ends at the backslash, and what comes after the blank is taken for owners. With two of them the file then belongs to somebody else;
#           Snyk's refuses all rules for that, and also for a comment at the end of a line, of which GitHub's page has an example.
. "$(dirname "$0")/lib.sh"
with_npm codeowners@5.1.1 codeowners-utils@1.0.2 @snyk/github-codeowners@1.1.0
cat >run.cjs <<'J'
const { writeFileSync } = require('node:fs');
const Codeowners = require('codeowners');
const utils = require('codeowners-utils');
const { OwnershipEngine } = require('@snyk/github-codeowners/dist/lib/ownership');
console.error = () => {};
const snyk = path => {
  try { return OwnershipEngine.FromCodeownersFile('CODEOWNERS').calcFileOwnership(path); } catch (error) { return error.message.split(' in rule')[0]; }
};
for (const [line, path] of [['with\\ blank/ @ann', 'with blank/x'], ['*.js @ann #comment', 'a.js']]) {
  writeFileSync('CODEOWNERS', `* @all\n${line}\n`);
  const answers = [new Codeowners(process.cwd()).getOwner(path), utils.matchFile(path, utils.parse(`* @all\n${line}\n`)).owners, snyk(path)];
  console.log(line, JSON.stringify(answers));
}
J
node run.cjs >now 2>/dev/null
seen 'a blank ends the pattern' now <<'S'
with\ blank/ @ann [["@all"],["@all"],"blank/ is not a valid owner name"]
*.js @ann #comment [["@ann","#comment"],["@ann"],"#comment is not a valid owner name"]
S
