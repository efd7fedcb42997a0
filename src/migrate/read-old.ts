import { buffer } from 'node:stream/consumers';
import { type Entry, parseListing } from '../config/listing.ts';
import { fault } from '../errors.ts';
import { unlessRefused } from '../git/failure.ts';
import type { Git } from '../git/git.ts';
import { readText } from '../repository/workplace.ts';
import { asfgit } from './asfgit.ts';
import { emailsOnPush, entriesOf } from './emails-on-push.ts';
import { gitHooks } from './git-hooks.ts';
import { gitMultimail } from './git-multimail.ts';
import type { Mailer } from './mailer.ts';
import { isIn } from './plan-migration.ts';
import { postReceiveEmail } from './post-receive-email.ts';

/** Every program whose settings are read. */
export const mailers: readonly Mailer[] = [gitMultimail, postReceiveEmail, asfgit, gitHooks, emailsOnPush];

/** The file of git-hooks. */
const PROJECT_CONFIG = 'refs/meta/config:project.config';
/** Bytes of a file with settings. Whoever may push may write that of git-hooks. */
const LONGEST = 1_000_000;

/** A mailer and what it has set. */
export interface OldConfig {
  readonly mailer: Mailer;
  readonly entries: readonly Entry[];
}

/**
 * Finds the mailer that a repository has settings of.
 * @param name of the one that is meant, where somebody says so @param file an export of GitLab
 * @throws OperatorError where there is none, or more than one
 */
export async function readOld(
  git: Pick<Git, 'ask' | 'stream' | 'gitDir'>,
  listed: readonly Entry[],
  { name, file }: { readonly name?: string | undefined; readonly file?: string | undefined },
): Promise<OldConfig> {
  const known = mailers.map(mailer => mailer.name);
  if (name !== undefined && !known.includes(name)) throw fault.noSuchMailer(name, known);
  if (file !== undefined || name === emailsOnPush.name) return readExport(file, name);
  const found: OldConfig[] = [];
  for (const mailer of mailers.filter(one => one !== emailsOnPush && (name ?? one.name) === one.name)) {
    const entries = mailer === gitHooks ? await projectConfig(git, name !== undefined) : listed;
    if (entries.some(({ key }) => isIn(mailer.section, key) && isFor(mailer, key, name)))
      found.push({ mailer, entries });
  }
  const [first, second] = found;
  if (first === undefined) throw fault.nothingToMigrate(git.gitDir, name ?? known.join(', '));
  if (second !== undefined) throw fault.severalMailers(found.map(({ mailer }) => mailer.name));
  return first;
}

/** `hooks.` has keys of many programs: those of post-receive-email are known by its recipients. */
function isFor(mailer: Mailer, key: string, name: string | undefined): boolean {
  return mailer !== postReceiveEmail || name !== undefined || /^hooks\.(mailing|announce)list$/.test(key);
}

function readExport(file: string | undefined, name = emailsOnPush.name): OldConfig {
  if (file === undefined || name !== emailsOnPush.name) throw fault.exportMissing();
  const text = readText(file);
  const entries = text === undefined || text.length > LONGEST ? undefined : entriesOf(text, file);
  if (entries === undefined) throw fault.noExport(file);
  return { mailer: emailsOnPush, entries };
}

/** @param isMeant without this, what cannot be read is nobody's: whoever may push there must not keep another mailer from being found */
async function projectConfig(git: Pick<Git, 'ask' | 'stream'>, isMeant: boolean): Promise<readonly Entry[]> {
  const size = await unlessRefused(git.ask(['cat-file', '-s', PROJECT_CONFIG]), undefined);
  if (size === undefined || (Number(size) > LONGEST && !isMeant)) return [];
  if (Number(size) > LONGEST) throw fault.projectConfigTooLarge(PROJECT_CONFIG);
  const listing = git.stream([
    'config',
    `--blob=${PROJECT_CONFIG}`,
    '--list',
    '-z',
    '--show-origin',
    '--show-scope',
  ]);
  const printed = buffer(listing);
  return parseListing(isMeant ? await printed : await unlessRefused(printed, Buffer.of()));
}
