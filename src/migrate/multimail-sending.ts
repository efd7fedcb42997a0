import { isIP } from 'node:net';
import { shellWords } from '../hook/worker.ts';
import { asciiDomain } from '../model/address.ts';
import { program } from './mail-shape.ts';
import { type Fate, mapped, type NewSetting, needless, type Old, type OldKey, one } from './mailer.ts';

/** Keys of git-multimail about how mails are sent. */
export const sending: readonly OldKey[] = [
  mapped(
    'mailer',
    '`refpost.transport`',
    '`smtp`, with smtpServer and smtpEncryption; `sendmail`, with sendmailCommand.',
    (value, old) => {
      if (value === 'smtp') return server(old);
      return value === 'sendmail'
        ? { needless: 'the local sendmail is used' }
        : { refused: 'is neither smtp nor sendmail' };
    },
  ),
  mapped(
    'sendmailCommand',
    '`refpost.transport`',
    'The program and its options, without those for sender and recipients.',
    (value, old) => (old.last('mailer') === 'smtp' ? { needless: 'mailer is smtp' } : program(value)),
  ),
  smtp('smtpServer', '`refpost.transport`', 'Host and port.', (_, old) => withoutBut(server(old))),
  smtp(
    'smtpEncryption',
    '`refpost.transport`, `refpost.tls`',
    '`ssl` is smtps://, `tls` is STARTTLS, both with the certificate checked. `none` becomes `opportunistic`, unless there is a login.',
    (_, old) => server(old),
  ),
  smtp('smtpUser', '`refpost.smtpUser`', 'The same.', (value, old) =>
    old.last('smtpPass') ? one('smtpUser', value) : { needless: 'smtpPass is not set' },
  ),
  {
    ...smtp(
      'smtpPass',
      '`refpost.smtpPasswordCommand`',
      'A command that reads it where it is. Better: put it into a file, and set `refpost.smtpPasswordFile`.',
      (_, { facts, last }) =>
        last('smtpUser')
          ? one(
              'smtpPasswordCommand',
              `git --git-dir=${shellWords([facts.repository])} config --get multimailhook.smtpPass`,
              'it is still in git config: put it into a file, and set refpost.smtpPasswordFile',
            )
          : { needless: 'smtpUser is not set' },
    ),
    secret: true,
  },
  smtp('smtpCACerts', '`refpost.caFile`', 'The same.', value => one('caFile', value)),
  needless('smtpServerTimeout', 'A mail waits in the outbox until the server answers.'),
  needless('smtpServerDebugLevel', '"refpost outbox show" has what the server said.'),
];

/** What only counts where mailer is smtp. */
function smtp(...[name, into, why, fate]: Parameters<typeof mapped>) {
  return mapped(name, into, why, (value, old) =>
    old.last('mailer') === 'smtp' ? fate(value, old) : { needless: 'mailer is not smtp' },
  );
}

/** That is said of smtpEncryption. */
function withoutBut(fate: Fate): Fate {
  return 'becomes' in fate ? { becomes: fate.becomes } : fate;
}

const SCHEME: Readonly<Record<string, string>> = { none: 'smtp', ssl: 'smtps', tls: 'smtp' };

function server(old: Old): Fate {
  const encryption = old.last('smtpEncryption') || 'none';
  const scheme = SCHEME[encryption];
  if (scheme === undefined) return { refused: 'smtpEncryption is none of none, ssl, tls' };
  const [, host = '', port] = /^(.*?)(?::(\d*))?$/s.exec(old.last('smtpServer') || 'localhost') ?? [];
  const at = port || (encryption === 'tls' ? '587' : '');
  const isLocal = host === 'localhost' || host.startsWith('127.');
  const isPlain = encryption === 'none' && !old.last('smtpUser') && !isLocal;
  const known = isIP(host) > 0 || asciiDomain(host) !== undefined;
  if (!known) return { refused: 'smtpServer is no name of a host' };
  const becomes: NewSetting[] = [{ key: 'transport', value: `${scheme}://${host}${at && `:${at}`}` }];
  if (isPlain) becomes.push({ key: 'tls', value: 'opportunistic' });
  return { becomes, but: isPlain || isLocal ? undefined : 'the certificate of the server is checked now' };
}
