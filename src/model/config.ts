/** The effective settings of one repository: git config, section `refpost`, checked and with defaults filled in. */
export interface Config {
  readonly to: readonly string[];
  /** `parseMailbox` takes it, as it takes replyTo. */
  readonly from: string | undefined;
  readonly replyTo: string | undefined;
  readonly envelopeFrom: string | undefined;
  readonly repoName: string | undefined;
  /** Without a slash at its end. */
  readonly linkBase: string | undefined;
  /** `name.domain`, without the angle brackets that the header has around it (RFC 2919); `none`: no such header. */
  readonly listId: string | undefined;
  readonly templates: string | undefined;
  /** Patterns of the refs that are announced, and of those that are not though they would be. */
  readonly refs: readonly string[];
  readonly excludeRefs: readonly string[];
  /** Whether merge commits get mails. */
  readonly merges: boolean;
  /** Commits older than this get no mail, in milliseconds; undefined: no limit. */
  readonly maxAge: number | undefined;
  /** Whether push options may ask for fewer mails. */
  readonly pushOptions: boolean;
  /** Whether a commit's message may ask for no mail. */
  readonly trailers: boolean;
  /** Commit mails a push may bring before one digest takes their place. */
  readonly maxMails: number;
  /** Bytes of a finished mail, as the server sees them. */
  readonly maxSize: number;
  /** What becomes of a commit whose mail would be larger. */
  readonly oversize: Oversize;
  /** Bytes of a patch that is attached. */
  readonly maxAttachment: number;
  /** Patterns of files that are shown in the stat only. */
  readonly quietPaths: readonly string[];
  /** Absolute paths of repositories whose commits are listed where a submodule moves. */
  readonly submodules: readonly string[];
  /** Directory of the outbox; undefined means `refpost` in the git directory. */
  readonly spool: string | undefined;
  /** Days that finished pushes stay in `done/`. */
  readonly keepDays: number;
  readonly retry: RetryPolicy;
  /** undefined means: the local sendmail if there is one, else smtp://localhost:25. */
  readonly transport: TransportAddress | undefined;
  readonly tls: TlsPolicy;
  readonly smtpUser: string | undefined;
  readonly smtpPasswordFile: string | undefined;
  readonly smtpPasswordCommand: string | undefined;
  readonly logFormat: LogFormat;
  /** Who is told when a mail is given up or the queue does not move; undefined: nobody. */
  readonly administrator: string | undefined;
  /** How long a push may wait before somebody should look, in milliseconds. */
  readonly warnAfter: number;
  /** Whether hooks start a worker, or a service is there. */
  readonly worker: 'hook' | 'service';
  /** Shell words that start refpost. */
  readonly command: string | undefined;
}

/**
 * `truncate`: the diff is cut. `split`: its files go on in further mails. `stat`: no diff.
 * `attach`: no diff, but the commit as a patch that git am takes.
 */
type Oversize = 'truncate' | 'split' | 'stat' | 'attach';

/** `text`: `name=value` words, for people and grep. `json`: one object a line. */
export type LogFormat = 'text' | 'json';

export type TransportAddress =
  | { readonly kind: 'smtp' | 'smtps' | 'lmtp'; readonly host: string; readonly port: number }
  | { readonly kind: 'sendmail'; readonly path: string };

/**
 * `verify`: STARTTLS is demanded, with a certificate that checks out, except towards loopback, where it is used if offered.
 * `opportunistic`: STARTTLS if offered, any certificate. `off`: plain text.
 */
export type TlsPolicy = 'verify' | 'opportunistic' | 'off';

/** Durations in milliseconds. */
export interface RetryPolicy {
  readonly firstWait: number;
  readonly maxWait: number;
  readonly giveUpAfter: number;
}
