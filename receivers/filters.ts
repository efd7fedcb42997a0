import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePort, untilListening } from '../test/fixtures/mail-host.ts';
import { run, start } from '../test/fixtures/processes.ts';
import { readText } from '../test/fixtures/read-text.ts';
import { temporaryFolder } from '../test/fixtures/repository.ts';
import type { CleanUps, Trial } from '../test/fixtures/trials.ts';
import { CLIENT, type JudgedMail, judgedMails } from './judged-mails.ts';

/** The points of each rule that a mail has met. */
type Judgement = readonly (readonly [rule: string, points: number])[];

/** A rule by which our mails have as many points at the most is no matter. */
const MOST = 1;

/** Of SpamAssassin only the rules that ask nobody. */
export const spamassassin: Trial = {
  programs: ['spamassassin'],
  packages: ['spamassassin'],
  play: async t => summed(await judgedMails(t), await bySpamassassin(t)),
};

/** rspamd as Debian sets it up, without a name server. */
export const rspamd: Trial = {
  programs: ['rspamd'],
  packages: ['rspamd'],
  play: async t => summed(await judgedMails(t), await byRspamd(t)),
};

type Judge = (mails: readonly JudgedMail[]) => Promise<readonly Judgement[]>;

/** What all judgements come to. Fails where a rule has more points than it may, unless it is about what people have written. */
async function summed(mails: readonly JudgedMail[], judge: Judge): Promise<string> {
  const judgements = await judge(mails);
  const rules = new Map<string, { points: number; mails: number; about: string }>();
  for (const [nth, judgement] of judgements.entries()) {
    for (const [rule, points] of judgement) {
      const known = rules.get(rule) ?? { points: Number.NEGATIVE_INFINITY, mails: 0, about: '' };
      const { about } = points > known.points ? (mails[nth] as JudgedMail) : known;
      rules.set(rule, { points: Math.max(points, known.points), mails: known.mails + 1, about });
    }
  }
  const sums = judgements.map(judgement => judgement.reduce((sum, [, points]) => sum + points, 0));
  const listed = [...rules]
    .filter(([, { points }]) => points !== 0)
    .toSorted(([, a], [, b]) => b.points - a.points)
    .map(
      ([rule, { points, mails: count, about }]) =>
        `\n  ${points.toFixed(1)} ${rule}: ${count} mails, such as ${about}`,
    );
  const most = Math.max(...sums).toFixed(1);
  const said = `${mails.length} mails, ${most} points at the most${listed.join('')}\n `;
  const heavy = [...rules].filter(([rule, { points }]) => points > MOST && !OF_CONTENT.test(rule));
  if (heavy.length > 0)
    throw new Error(`${heavy.map(([rule]) => rule).join(', ')}: more than ${MOST} point; ${said}`);
  return said;
}

/** Rules that a commit's contents meet in any mail that shows them: letters of several scripts, a subject that looks encoded. */
const OF_CONTENT = /^(R_MIXED_CHARSET|SUBJ_EXCESS_QP)$/;

async function bySpamassassin(t: CleanUps): Promise<Judge> {
  const home = temporaryFolder(t);
  const words = [
    'add_header all Rules _TESTSSCORES(,)_',
    'use_bayes 0',
    'use_auto_whitelist 0',
    'report_safe 0',
  ];
  const command = ['spamassassin', '-L', '-x', '--mbox', ...words.map(word => `--cf=${word}`)];
  return async mails => {
    const mbox = mails.map(({ bytes }, nth) => {
      const quoted = bytes.toString('latin1').replace(/^(>*From )/gm, '>$1');
      return `From x Sat Jan  1 00:00:00 2000\n${NTH}: ${nth}\n${quoted}\n`;
    });
    const file = join(home, 'mbox');
    writeFileSync(file, mbox.join(''), 'latin1');
    const { code, stdout, stderr } = await run(['sh', '-c', '"$@" <mbox', 'sh', ...command], {
      cwd: home,
      env: { ...process.env, HOME: home, LC_ALL: 'C' },
    });
    // It takes them in the order of their dates.
    const found = new Map<number, Judgement>();
    for (const mail of stdout.split(/^From x .*\n/m).slice(1)) {
      const [, list = ''] = /^X-Spam-Rules: (.*(?:\n[ \t].*)*)/m.exec(mail) ?? [];
      found.set(Number(new RegExp(`^${NTH}: (\\d+)$`, 'm').exec(mail)?.[1]), rulesIn(list));
    }
    if (found.size !== mails.length)
      throw new Error(`${found.size} of ${mails.length} mails judged, exit ${code}: ${stderr}`);
    return mails.map((_, nth) => found.get(nth) ?? []);
  };
}

/** Tells the mails of an mbox apart. */
const NTH = 'X-Nth';

/** `FROM_X=1.0,OTHER=-0.1`, folded anywhere. */
function rulesIn(list: string): Judgement {
  const pairs = list
    .replace(/\s/g, '')
    .split(',')
    .map(pair => pair.split('='));
  return pairs.flatMap(([rule = '', points]) =>
    points === undefined ? [] : [[rule, Number(points)] as const],
  );
}

async function byRspamd(t: CleanUps): Promise<Judge> {
  const folder = temporaryFolder(t);
  const port = await freePort();
  for (const name of ['local.d', 'override.d', 'log', 'db', 'run']) mkdirSync(join(folder, name));
  const local = (file: string, text: string) => writeFileSync(join(folder, 'local.d', file), text);
  local(
    'options.inc',
    'dns { nameserver = ["127.0.0.1:9"]; timeout = 0.05s; retransmits = 1; }\ndisable_monitoring = true;\n',
  );
  local('worker-normal.inc', `bind_socket = "127.0.0.1:${port}";\ncount = 1;\n`);
  for (const name of ['worker-proxy.inc', 'worker-controller.inc', 'worker-fuzzy.inc'])
    local(name, 'enabled = false;\n');
  for (const name of [
    'rbl',
    'surbl',
    'fuzzy_check',
    'asn',
    'phishing',
    'classifier-bayes',
    'mx_check',
    'hfilter',
    'spf',
    'dmarc',
    'rspamd_update',
    'greylist',
    'ratelimit',
  ])
    local(`${name}.conf`, 'enabled = false;\n');
  const paths = {
    LOCAL_CONFDIR: folder,
    DBDIR: `${folder}/db`,
    RUNDIR: `${folder}/run`,
    LOGDIR: `${folder}/log`,
  };
  const variables = Object.entries(paths).map(([name, path]) => `--var=${name}=${path}`);
  const running = start(['rspamd', '-f', '-i', '-c', '/etc/rspamd/rspamd.conf', ...variables]);
  t.after(async () => {
    running.child.kill('SIGTERM');
    await running.ended;
  });
  await untilListening(port, () => readText(join(folder, 'log', 'rspamd.log')));
  return async mails => {
    const judgements: Judgement[] = [];
    for (const mail of mails) judgements.push(await asked(port, mail));
    return judgements;
  };
}

/** As a mail server asks: with the client and the envelope. */
async function asked(port: number, { from, to, bytes }: JudgedMail): Promise<Judgement> {
  const headers = { From: from, Rcpt: to, IP: CLIENT.address, Helo: CLIENT.name, Hostname: CLIENT.name };
  const answer = await fetch(`http://127.0.0.1:${port}/checkv2`, { method: 'POST', headers, body: bytes });
  const { symbols } = (await answer.json()) as { symbols: Readonly<Record<string, { score: number }>> };
  return Object.entries(symbols).map(([rule, { score }]) => [rule, score]);
}
