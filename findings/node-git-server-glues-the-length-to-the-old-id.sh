#!/bin/sh
# Packages: node-git-server 1.0.0 (npm), git 2.39.5 (Debian 12)
# Guess:    an event has the id that its ref had before as `last`, and of its ref alone `branch` or `version`.
# Seen:     `last` begins with the four digits of git's pkt-line before the id, so that no object has that name; of a further ref in the
#           same push one more character is in front. A tag that is pushed after a branch has that branch too.
. "$(dirname "$0")/lib.sh"
with_git
with_npm node-git-server@1.0.0
git init -q w && git -C w commit -q --allow-empty -m one
cat >run.cjs <<'J'
const { execFile } = require('node:child_process');
const { promisify } = require('node:util');
const { Git } = require('node-git-server');
const server = new Git('served', { autoCreate: true });
const git = (...args) => promisify(execFile)('git', ['-C', 'w', ...args]);
for (const name of ['push', 'tag'])
  server.on(name, event => {
    console.log(name, JSON.stringify([event.branch, event.version, event.last, event.last.length]));
    event.accept();
  });
server.listen(0, { type: 'http' }, async () => {
  const url = `http://127.0.0.1:${server.server.address().port}/r`;
  await git('push', '-q', url, 'main');
  await git('commit', '-q', '--allow-empty', '-m', 'two');
  await git('tag', 'v1');
  await git('push', '-q', url, 'main', 'v1');
  process.exit();
});
J
node run.cjs | sed "s/$(git -C w rev-parse main)/ID/" >now
seen 'the old id has 44 or 45 characters' now <<'S'
push ["main",null,"00af0000000000000000000000000000000000000000",44]
push ["main",null,"00afID",44]
tag ["main","v1","500620000000000000000000000000000000000000000",45]
S
