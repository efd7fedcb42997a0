import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { archiveRows } from './archive-rows.ts';
import { busyRows } from './busy-rows.ts';
import { fleetRows } from './fleet-rows.ts';
import { growthRows } from './growth-rows.ts';
import { htmlRows } from './html-rows.ts';
import { inboxRows } from './inbox-rows.ts';
import { mailRows } from './mail-rows.ts';
import { memoryRows } from './memory-rows.ts';
import { readOptions } from './options.ts';
import { postingRows } from './posting-rows.ts';
import { pushRows } from './push-rows.ts';
import { type Build, OURS } from './refpost.ts';
import { refsRows } from './refs-rows.ts';
import { type Bench, heading, type Row, rowText } from './row.ts';
import { startRows } from './start-rows.ts';

/** Each set of rows, by the words that `--only` chooses among. */
const MEASURES: Readonly<Record<string, (bench: Bench) => AsyncGenerator<Row>>> = {
  mails: mailRows,
  html: htmlRows,
  push: pushRows,
  busy: busyRows,
  inbox: inboxRows,
  memory: memoryRows,
  posting: postingRows,
  refs: refsRows,
  start: startRows,
  archive: archiveRows,
  fleet: fleetRows,
  growth: growthRows,
};

const options = readOptions(process.argv.slice(2), Object.keys(MEASURES));
const builds: Build[] = [
  OURS,
  ...(options.against ? [{ name: 'against' as const, home: resolve(options.against) }] : []),
];
const scratch = mkdtempSync(join(tmpdir(), 'refpost-bench-'));
const cleanUps: (() => unknown)[] = [() => rmSync(scratch, { recursive: true, force: true })];
const stop = async (): Promise<void> => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
};
process.once('SIGINT', () => void stop().then(() => process.exit(130)));

try {
  console.log(heading);
  for (const [name, measure] of Object.entries(MEASURES)) {
    if (name !== (options.only ?? name)) continue;
    const bench = { options, builds, scratch, after: (cleanUp: () => unknown) => cleanUps.push(cleanUp) };
    for await (const row of measure(bench)) console.log(rowText(row));
  }
} finally {
  await stop();
}
