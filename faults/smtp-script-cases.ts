import type { Fault, Point, ScriptOptions } from '../test/fixtures/smtp-script.ts';

/** A mail server that misbehaves, and what it may cost. */
export interface SmtpCase {
  /** Cases of one group are told in one line. */
  readonly group: string;
  readonly faults: readonly Fault[];
  readonly script?: ScriptOptions;
  readonly user?: string;
  /** True where the server keeps a mail and does not say so: a double that nobody can prevent. */
  readonly uncertain?: boolean;
}

const POINTS: readonly Point[] = ['GREETING', 'EHLO', 'MAIL', 'RCPT', 'DATA', 'DOT', 'RSET', 'QUIT'];
const REPLIES = [
  '421 going away',
  '450 later',
  '451 later',
  '452 too many',
  '550 no',
  '552 too large',
  '554 never',
  'rubbish',
];
const ENDS: readonly Pick<Fault, 'next'>[] = [{ next: 'drop' }, { next: 'hang' }];
/** The first of all, one of three recipients, one in the middle. */
const TIMES = [1, 2, 4];

/** Bytes of a message after which its connection breaks: none, one, in the header, in the body, before the last dot. */
const BYTES = [0, 1, 40, 2000, 6990];

export function smtpCases(short: boolean): SmtpCase[] {
  const times = short ? [2] : TIMES;
  const anywhere = POINTS.flatMap(at => times.flatMap(nth => pointCases(at, nth)));
  return [
    ...anywhere,
    ...bodyCases(times),
    ...dotCases(times),
    ...loginCases(),
    ...groupCases(times),
    ...MANNERS,
  ];
}

/** An envelope goes with the text before it: what the server says to it, in whatever packets, or breaks off between any two replies. */
function groupCases(times: readonly number[]): SmtpCase[] {
  const group = 'replies to commands that went together';
  const drop = { next: 'drop' as const };
  const ends = [...REPLIES.map(reply => ({ reply, ...(reply.startsWith('421') && drop) })), drop];
  const scripts: ScriptOptions[] = [{ replies: 'in pieces' }, { replies: 'together' }, { lmtp: true }];
  return scripts.flatMap(script =>
    (['MAIL', 'RCPT', 'DATA', 'DOT'] as const).flatMap(at =>
      times.flatMap(nth => ends.map(end => ({ group, script, faults: [{ at, nth, ...end }] }))),
    ),
  );
}

function pointCases(at: Point, nth: number): SmtpCase[] {
  const group = `the server misbehaves at ${at}`;
  const answers = REPLIES.flatMap(reply => [{ reply }, { reply, next: 'drop' as const }]);
  return [...answers, ...ENDS].map(fault => ({ group, faults: [{ at, nth, ...fault }] }));
}

function bodyCases(times: readonly number[]): SmtpCase[] {
  const group = 'the connection ends or falls silent in the body';
  return BYTES.flatMap(after =>
    times.flatMap(nth => ENDS.map(end => ({ group, faults: [{ at: 'BODY' as const, nth, after, ...end }] }))),
  );
}

function dotCases(times: readonly number[]): SmtpCase[] {
  const group = 'the server keeps a mail and does not say so';
  return times.flatMap(nth =>
    [...ENDS, { reply: '451 later' }, { reply: '421 going away', next: 'drop' as const }].map(end => ({
      group,
      faults: [{ at: 'DOT' as const, nth, take: true, ...end }],
      uncertain: true,
    })),
  );
}

function loginCases(): SmtpCase[] {
  const ends = [...REPLIES.map(reply => ({ reply })), ...ENDS];
  const auth = ends.map(end => ({
    group: 'the server misbehaves at AUTH',
    faults: [{ at: 'AUTH' as const, nth: 1, ...end }],
    script: { extensions: ['PIPELINING', 'AUTH PLAIN'] },
    user: 'ada',
  }));
  const startTls = ends.map(end => ({
    group: 'the server misbehaves at STARTTLS',
    faults: [{ at: 'STARTTLS' as const, nth: 1, ...end }],
    script: { extensions: ['PIPELINING', 'STARTTLS'] },
  }));
  return [...auth, ...startTls];
}

const MANNERS: readonly SmtpCase[] = [
  { group: 'one mail a connection', faults: [{ at: 'DOT', reply: '250 queued', next: 'drop' }] },
  {
    group: 'one mail a connection',
    faults: [{ at: 'MAIL', nth: 2, perConnection: true, reply: '421 one a day', next: 'drop' }],
  },
  {
    group: 'a rate limit',
    faults: [{ at: 'MAIL', nth: 3, perConnection: true, reply: '421 slow down', next: 'drop' }],
  },
  { group: 'a rate limit', faults: [{ at: 'RCPT', nth: 4, perConnection: true, reply: '450 slow down' }] },
  { group: 'a rate limit', faults: [{ at: 'MAIL', nth: 2, perConnection: true, reply: '450 slow down' }] },
  {
    group: 'PIPELINING that goes with STARTTLS',
    faults: [],
    script: { extensions: ['PIPELINING', 'STARTTLS'], secured: [] },
  },
  { group: 'PIPELINING that forgets commands', faults: [], script: { isForgetful: true } },
  { group: 'a small SIZE', faults: [], script: { extensions: ['PIPELINING', 'SIZE 1000'] } },
  { group: 'no extensions at all', faults: [], script: { extensions: [] } },
  {
    group: 'a slow server',
    faults: (['MAIL', 'RCPT', 'DOT'] as const).map(at => ({ at, delay: 60, reply: '250 at last' })),
  },
];
