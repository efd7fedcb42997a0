import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { simpleParser } from 'mailparser';
import { hunksHtml } from '../src/render/hunk-html.ts';
import { parseHunks } from '../src/render/hunks.ts';
import { gitEnvironment } from '../test/fixtures/repository.ts';
import { dryRun, type Stretch, stretchesOf } from './mail-rows.ts';
import { medians, timeOf } from './measure.ts';
import { OURS } from './refpost.ts';
import type { Bench, Row } from './row.ts';

/** Gmail cuts off what is over 102 kB. */
const MOST = 90_000;
const MB = 1_000_000;
/** Milliseconds for a KB of diff. */
const PROMISED = 0.05;

/** The HTML part of mails beside their text: its time and its size. */
export async function* htmlRows({ options, scratch }: Bench): AsyncGenerator<Row> {
  const stretch = (await stretchesOf({ options, scratch: join(scratch, 'html') })).at(-1) as Stretch;
  const run = (html: boolean) =>
    dryRun(stretch, options.merges, OURS, { to: 'commits@example.org', html: String(html) });
  const taken = await medians(
    { text: () => timeOf(run(false)), both: () => timeOf(run(true)) },
    stretch.rounds * options.times,
  );
  yield {
    work: `mails of ${stretch.name} with an HTML part, dry run`,
    ours: taken.both as number,
    limitName: 'with the text alone',
    limit: taken.text as number,
    unit: 'ms',
    allowed: 1.5,
  };
  const sizes = await sizesOf(run(true).words);
  yield {
    work: '  their HTML',
    ours: sizes.html / MB,
    limitName: 'their text',
    limit: sizes.text / MB,
    unit: 'MB',
    allowed: 2.1,
  };
  yield {
    work: '  the largest HTML part',
    ours: sizes.most / MB,
    limitName: 'as it is sent',
    limit: MOST / MB,
    unit: 'MB',
    allowed: 1,
  };
  yield diffRow(stretch);
}

/** Bytes of both parts of all mails, and of the largest HTML part in its encoding or without, whichever is more. */
async function sizesOf([program = '', ...words]: readonly string[]) {
  const mbox = execFileSync(program, words, {
    env: gitEnvironment(),
    encoding: 'latin1',
    maxBuffer: 2 ** 30,
  });
  const sizes = { text: 0, html: 0, most: 0 };
  for (const mail of mbox.split(/^From .*\n/m).slice(1)) {
    const bytes = Buffer.from(mail.replace(/^>(>*From )/gm, '$1'), 'latin1');
    const { text = '', html } = await simpleParser(bytes, { skipHtmlToText: true, skipTextToHtml: true });
    sizes.text += Buffer.byteLength(text);
    sizes.html += Buffer.byteLength(html || '');
    const encoded = mail.split('\nContent-Type: text/html')[1] ?? '';
    sizes.most = Math.max(sizes.most, encoded.length, Buffer.byteLength(html || ''));
  }
  return sizes;
}

/** In this process, once it is warm. */
function diffRow({ repository, from, to }: Stretch): Row {
  const words = ['log', '-p', '--no-merges', '--format=', `${from}..${to}`];
  const diff = execFileSync('git', words, {
    cwd: repository,
    env: gitEnvironment(),
    encoding: 'utf8',
    maxBuffer: 2 ** 30,
  });
  const files = diff.split(/^(?=diff --git )/m).map(file => file.replace(/\n$/, ''));
  const make = () => {
    const start = process.cpuUsage().user;
    for (const file of files) hunksHtml(parseHunks(file).runs, false, { words: true, wide: true });
    return (process.cpuUsage().user - start) / 1000;
  };
  for (let round = 0; round < 3; round++) make();
  return {
    work: '  their diffs as HTML, in a process that is warm',
    ours: make(),
    limitName: `${PROMISED} ms a KB`,
    limit: (PROMISED * diff.length) / 1024,
    unit: 'ms',
    allowed: 1,
  };
}
