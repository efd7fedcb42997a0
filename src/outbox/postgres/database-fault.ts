import { DatabaseAway, EX, OperatorError } from '../../errors.ts';

/** What is wrong, to follow "the database ...", what to do, and whether waiting may mend it. */
interface Meaning {
  readonly wrong: string;
  readonly remedy: string;
  readonly exitCode?: number;
  /** Waiting does not help. */
  readonly lasting?: true;
}

const SETTINGS = { exitCode: EX.CONFIG, lasting: true } as const;

const AWAY = {
  wrong: 'cannot be reached',
  remedy:
    'see whether it runs, and whether refpost.outbox is right; nothing is lost: pushes wait where they were recorded',
} satisfies Meaning;
const LOGIN = {
  ...SETTINGS,
  wrong: 'refuses the login',
  remedy:
    'correct the user in refpost.outbox, and refpost.outboxPasswordFile or refpost.outboxPasswordCommand',
} satisfies Meaning;
const NO_SCHEMA = {
  ...SETTINGS,
  wrong: 'has no outbox in it, or not all of one',
  remedy: 'make it: refpost fleet init',
} satisfies Meaning;
const FULL = {
  wrong: 'has no space left',
  exitCode: EX.IOERR,
  remedy: 'make room on the disk of the database; nothing is lost: pushes wait where they were recorded',
} satisfies Meaning;
const BUSY = {
  wrong: 'was too busy to answer',
  remedy: 'it is tried again; if it comes again and again, see what the database is at (pg_stat_activity)',
} satisfies Meaning;
const CERTIFICATE = {
  ...SETTINGS,
  wrong: 'cannot be trusted by its certificate',
  remedy:
    'name the host in refpost.outbox as its certificate does, and the authority that it is from in refpost.outboxCaFile',
} satisfies Meaning;

const EXPIRED = {
  ...CERTIFICATE,
  remedy: 'give the database a certificate whose time it is, and see whether the clock here is right',
} satisfies Meaning;
const IDENTITY = {
  ...SETTINGS,
  wrong: 'does not know us by a certificate',
  remedy:
    'set refpost.outboxClientCertFile and refpost.outboxClientKeyFile to a certificate that the database knows, for the user in refpost.outbox, or renew it',
} satisfies Meaning;

/**
 * The first that fits what was said: `3D000 database "x" does not exist`, with the SQLSTATE (PostgreSQL, appendix A) or Node.js's code for a connection.
 * What pg itself says has a blank in the code's place.
 */
const MEANINGS: readonly (readonly [RegExp, Meaning])[] = [
  [/^28000 .*certificate|^ERR_SSL_\S*ALERT_(?:UNKNOWN_CA|BAD_CERT|CERT)/is, IDENTITY],
  // PgBouncer has one code for all that it says itself.
  [/^(28|08P01 .*(?:auth|password|no such user)| .*(?:SASL|password|authentication))/is, LOGIN],
  [
    /^3D000 /,
    {
      ...SETTINGS,
      wrong: 'is not there',
      remedy: 'make it (createdb), or correct refpost.outbox; then: refpost fleet init',
    },
  ],
  [/^(42P01|3F000|42883|42703) /, NO_SCHEMA],
  [
    /^42501 /,
    {
      exitCode: EX.NOPERM,
      lasting: true,
      wrong: 'refuses this user what it wants to do',
      remedy: 'run this as the owner of the outbox, or give this user its rights: refpost fleet grant',
    },
  ],
  [/^(53100|58030) /, FULL],
  [
    /^53300 /,
    {
      wrong: 'has no connection left',
      remedy: 'raise its max_connections, or put PgBouncer in front of it; it is tried again',
    },
  ],
  [
    /^25006 /,
    {
      wrong: 'takes no changes: it is read-only, or a standby',
      remedy:
        'name the one that takes changes in refpost.outbox, or all of them (host1,host2), or wait until this one is promoted',
    },
  ],
  [/^(57014|55P03|40001|40P01|53200) /, BUSY],
  [/^(08|57P|58)/, AWAY],
  [/^CERT_(?:HAS_EXPIRED|NOT_YET_VALID)/, EXPIRED],
  [/^\S*(?:CERT|SSL|TLS|ISSUER|SIGN|VERIFY)/, CERTIFICATE],
  [/^E[A-Z]{3,}|^EAI_AGAIN/, AWAY],
  [
    /^ .*does not support SSL/,
    {
      ...SETTINGS,
      wrong: 'offers no encryption',
      remedy:
        'turn it on there (ssl = on); or, if nobody can listen on the way, set refpost.outboxTls to off',
    },
  ],
  [/^ .*(?:timeout|terminated|ended|not queryable|closed|establishing an SSL)/i, AWAY],
];

/**
 * True where the rows that are there do not allow what is to be written: a number that grows no more, a key that is taken (SQLSTATE classes 22 and 23), a row
 * that somebody keeps locked.
 */
export function isContradiction(error: unknown): boolean {
  const { code } = ((error as Error).cause ?? error) as { code?: unknown };
  return /^(2[23]|55P03)/.test(String(code));
}

/** What an error of pg means for an operator: a `DatabaseAway`. What it does not know is a bug, and stays what it is. @param shown the database, for people */
export function databaseFault(error: unknown, shown: string): Error {
  if (error instanceof DatabaseAway) return error;
  // A password that cannot be had: waiting helps where somebody corrects that.
  if (error instanceof OperatorError)
    return new DatabaseAway(error.exitCode, error.message, error.remedy, true, error);
  // Node.js tries each address of a host.
  const one = error instanceof AggregateError ? error.errors[0] : error;
  const { code = '', message = String(one) } = one as { code?: string; message?: string };
  const [, meaning] = MEANINGS.find(([pattern]) => pattern.test(`${code} ${message}`)) ?? [];
  if (!meaning) return error instanceof Error ? error : new Error(message);
  const { wrong, remedy, exitCode = EX.TEMPFAIL, lasting = false } = meaning;
  return new DatabaseAway(exitCode, `the database ${shown} ${wrong}: ${message}`, remedy, lasting, error);
}
