import type { FleetSettings } from './fleet.ts';
import type { Field, OMITTABLE } from './header-fields.ts';
import type { RefScope } from './ledger.ts';
import type { LinkSettings } from './links.ts';

/** Git config, section `refpost`, checked and with defaults filled in; config/settings.ts says what each does. Times are in milliseconds, sizes in bytes; undefined is not set. */
export interface Config extends RefScope, LinkSettings, FleetSettings {
  readonly to: readonly string[];
  readonly cc: Copies;
  readonly bcc: Copies;
  /** Paths of the files of the repository that name people. */
  readonly people: readonly string[];
  /** A full name; undefined: the branch that HEAD names. */
  readonly peopleRef: string | undefined;
  /** `example.org`, or `*.example.org` for every domain below. */
  readonly personDomains: readonly string[];
  readonly groups: ReadonlyMap<string, readonly string[]>;
  /** Of a mail, in which those of the settings always are. */
  readonly maxRecipients: number;
  /** `parseMailbox` takes it; the name may have words (model/words.ts). */
  readonly from: string | undefined;
  /** Domains as in personDomains. */
  readonly fromAuthorDomains: readonly string[];
  /** `author`, `committer`, `pusher`, `list`, `none`, or what `parseMailbox` takes. */
  readonly replyTo: string | undefined;
  readonly envelopeFrom: string | undefined;
  readonly verp: boolean;
  readonly repoName: string | undefined;
  /** `name.domain`, without the angle brackets that the header has around it (RFC 2919); `none`: no such header. */
  readonly listId: string | undefined;
  /** URLs with words; `NO` in the first one: nobody may post (RFC 2369). */
  readonly listPost: readonly string[];
  readonly listArchive: readonly string[];
  readonly listUnsubscribe: readonly string[];
  readonly archivedAt: string | undefined;
  readonly threadIndex: boolean;
  /** The values may have words. */
  readonly header: readonly Field[];
  readonly omitHeader: readonly (typeof OMITTABLE)[number][];
  /** These may have words too. */
  readonly subject: string | undefined;
  readonly footer: string | undefined;
  readonly style: Style;
  readonly summary: 'last' | 'first';
  readonly receiver: Receiver;
  readonly html: boolean;
  readonly templates: string | undefined;
  /** Empty: whatever there is. The same for the five below. */
  readonly kinds: readonly Kind[];
  readonly paths: readonly string[];
  readonly authors: readonly string[];
  readonly committers: readonly string[];
  readonly pushers: readonly string[];
  /** A file that says who the accounts of a host are (host/accounts.ts). */
  readonly pusherMap: string | undefined;
  /** The same for the authors of commits. */
  readonly authorMap: string | undefined;
  /** Where commits have the name of their revision in the system that they come from: `trailer:NAME`, `notes:REF`. */
  readonly revision: readonly string[];
  /** As git's --extended-regexp has it. */
  readonly message: string | undefined;
  /** What matches goes to this audience and not to the default one. */
  readonly instead: boolean;
  readonly merges: boolean;
  readonly maxAge: number | undefined;
  readonly pushOptions: boolean;
  readonly trailers: boolean;
  /** Commit mails a push may bring before one digest takes their place. */
  readonly maxMails: number;
  /** Of a finished mail, as the server sees it. */
  readonly maxSize: number;
  readonly oversize: Oversize;
  /** Of a patch that is attached. */
  readonly maxAttachment: number;
  readonly quietPaths: readonly string[];
  /** Absolute paths of repositories whose commits are listed where a submodule moves. */
  readonly submodules: readonly string[];
  /** Folder of the web archive. */
  readonly archive: string | undefined;
  readonly archiveAddresses: 'coded' | 'masked' | 'shown';
  /** Directory of the outbox; undefined means `refpost` in the git directory. */
  readonly spool: string | undefined;
  /** Days that finished pushes stay in `done/`. */
  readonly keepDays: number;
  readonly retry: RetryPolicy;
  /** undefined means: the local sendmail if there is one, else smtp://localhost:25. */
  readonly transport: TransportAddress | undefined;
  readonly tls: TlsPolicy;
  readonly caFile: string | undefined;
  /** Both or none. */
  readonly clientCertFile: string | undefined;
  readonly clientKeyFile: string | undefined;
  readonly ehloName: string | undefined;
  readonly smtpUser: string | undefined;
  readonly smtpPasswordFile: string | undefined;
  readonly smtpPasswordCommand: string | undefined;
  readonly smtpTokenCommand: string | undefined;
  /** All three or none. */
  readonly dkimDomain: string | undefined;
  readonly dkimSelector: string | undefined;
  readonly dkimKeyFile: string | undefined;
  readonly logFormat: LogFormat;
  readonly administrator: string | undefined;
  readonly warnAfter: number;
  /** Where mirrors of other servers' repositories are kept. */
  readonly mirrors: string | undefined;
  /** Of one fetch. */
  readonly maxFetch: number;
  readonly webhookSecretFile: string | undefined;
  readonly noRecipients: 'hold' | 'ignore';
  readonly worker: 'hook' | 'service';
  /** Shell words that start refpost. */
  readonly command: string | undefined;
}

/** Who hears what, in which shape: the plain section, which has no name, or `[refpost "docs"]`. */
export interface Audience {
  readonly name: string;
  /** Its own settings and, where it has none, those of the plain section. */
  readonly config: Config;
}

/** Settings by which one connection serves. */
export const CONNECTION = [
  ...(['transport', 'tls', 'caFile', 'clientCertFile', 'clientKeyFile', 'ehloName'] as const),
  ...(['smtpUser', 'smtpPasswordFile', 'smtpPasswordCommand', 'smtpTokenCommand'] as const),
] satisfies readonly (keyof Config)[];

type Recipients = Pick<Config, 'to' | 'cc' | 'bcc' | 'people'>;

/** Whom the settings of an audience themselves name. */
export function fixedRecipients({ to, cc, bcc }: Pick<Recipients, 'to' | 'cc' | 'bcc'>): readonly string[] {
  return [...to, ...cc.addresses, ...bcc.addresses];
}

/** By what they name people of a push: words and files. */
export function namesPeopleBy({ cc, bcc, people }: Recipients): readonly string[] {
  return [...cc.people, ...bcc.people, ...people];
}

/** True where there is somebody who may hear something. */
export function isHeard(config: Recipients): boolean {
  return fixedRecipients(config).length + namesPeopleBy(config).length > 0;
}

/** Who gets a copy: everybody in `addresses`, and people of the push, by words such as `author` or `trailer:Reviewed-by`. */
export interface Copies {
  readonly addresses: readonly string[];
  readonly people: readonly string[];
}

/** What a mail may be about: a commit, many of them in one list, or a ref: a branch, a tag, one that was forced or deleted. */
export type Kind = 'commit' | 'digest' | 'branch' | 'tag' | 'forced' | 'deleted';

/** `truncate`: the diff is cut. `split`: its files go on in further mails. `stat`: no diff. `attach`: no diff, but the commit as a patch that git am takes. */
type Oversize = 'truncate' | 'split' | 'stat' | 'attach';

/** The kind of list manager or archive that gets the mails: some settings have other defaults for it. */
export type Receiver =
  | 'mailman3'
  | 'mailman2'
  | 'sympa'
  | 'mlmmj'
  | 'ezmlm'
  | 'public-inbox'
  | 'googlegroups'
  | 'none';

/** How mails look: a folder of templates and what render/styles.ts has for it; some settings have other defaults. */
export type Style = 'apache' | 'multimail' | 'modern';

/** `text`: `name=value` words, for people and grep. `json`: one object a line. */
export type LogFormat = 'text' | 'json';

export type TransportAddress = ServerAddress | Program;

export type ServerAddress =
  | { readonly kind: 'smtp' | 'smtps' | 'lmtp'; readonly host: string; readonly port: number }
  /** Absolute path of a Unix socket. */
  | { readonly kind: 'lmtp'; readonly socket: string };

/** A program that takes a mail as sendmail does; `options` come before those that every sendmail has. */
export interface Program {
  readonly kind: 'sendmail';
  readonly path: string;
  readonly options?: readonly string[];
}

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
