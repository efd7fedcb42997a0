#!/bin/sh
# Packages: graphile-worker 0.17.3, pg 8.23.1 (npm), postgresql-15 15.20 (Debian 12)
# Guess:    jobs of one named queue, of which one runs at a time, run in the order in which they were added: a job that fails is tried again before the next.
# Seen:     one at a time, but a job that fails waits for its retry while all that were added later run: 1 fails, 2, 3, 4, and then 1 once more.
. "$(dirname "$0")/lib.sh"
with_npm graphile-worker@0.17.3 pg@8.23.1
with_postgres
cat >run.mjs <<'J'
import { run, Logger, makeWorkerUtils } from 'graphile-worker';
const options = { connectionString: process.env.DATABASE_URL, logger: new Logger(() => () => {}) };
const utils = await makeWorkerUtils(options);
await utils.migrate();
for (const n of [1, 2, 3, 4]) await utils.addJob('mail', { n }, { queueName: 'list' });
await utils.release();
const seen = [];
const mail = async ({ n }, { job }) => {
  const fails = n === 1 && job.attempts === 1;
  seen.push(fails ? `${n} fails` : n);
  if (seen.length === 5) setTimeout(() => worker.stop());
  if (fails) throw new Error('try later');
};
const worker = await run({ ...options, concurrency: 2, noHandleSignals: true, taskList: { mail } });
await worker.promise;
console.log(seen.join(', '));
J
timeout 60 node run.mjs 2>run.log >now || { cat run.log; cannot 'graphile-worker does not run'; }
seen 'three jobs overtake the one that failed' now <<'S'
1 fails, 2, 3, 4, 1
S
