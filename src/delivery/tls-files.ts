import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { fault } from '../errors.ts';
import type { Config } from '../model/config.ts';
import { readSecret } from './secret.ts';

/** The settings that name the files, by whose connection it is. */
const SETTINGS = {
  smtp: { ca: 'caFile', cert: 'clientCertFile', key: 'clientKeyFile' },
  outbox: { ca: 'outboxCaFile', cert: 'outboxClientCertFile', key: 'outboxClientKeyFile' },
} as const;

type Owner = keyof typeof SETTINGS;
type SettingOf<Kind extends 'ca' | 'cert' | 'key'> = (typeof SETTINGS)[Owner][Kind];
export type TlsSettings = { readonly [Key in SettingOf<'ca' | 'cert' | 'key'>]?: Config[Key] };

/** As tls.connect() takes them, in PEM. */
export interface TlsFiles {
  readonly ca?: Buffer;
  readonly cert?: Buffer;
  readonly key?: Buffer;
}

/**
 * Reads whom to trust and who we are, at every connection, so that a renewed certificate is taken up.
 * @param now by this clock a certificate of our own is over
 * @throws OperatorError where a server could only say less about it
 */
export async function readTlsFiles(whose: Owner, settings: TlsSettings, now: number): Promise<TlsFiles> {
  const names = SETTINGS[whose];
  const [caFile, certFile, keyFile] = [settings[names.ca], settings[names.cert], settings[names.key]];
  const ca = caFile === undefined ? {} : { ca: await readCertificates(names.ca, caFile) };
  if (certFile === undefined || keyFile === undefined) return ca;
  const cert = await readCertificates(names.cert, certFile);
  const key = await readSecret(names.key, keyFile);
  checkIdentity(names, cert, key, { certFile, keyFile, now });
  return { ...ca, cert, key };
}

/** The certificates in a file that a setting names. */
async function readCertificates(setting: SettingOf<'ca' | 'cert'>, path: string): Promise<Buffer> {
  const bytes = await readFile(path).catch(error => {
    throw fault.secretUnreadable(setting, path, error);
  });
  try {
    new X509Certificate(bytes);
  } catch {
    throw fault.certificateWrong(setting, path, 'has no certificate in PEM in it');
  }
  return bytes;
}

function checkIdentity(
  names: (typeof SETTINGS)[Owner],
  cert: Buffer,
  key: Buffer,
  { certFile, keyFile, now }: { certFile: string; keyFile: string; now: number },
): void {
  const certificate = new X509Certificate(cert);
  if (Date.parse(certificate.validTo) < now)
    throw fault.certificateWrong(names.cert, certFile, `has expired on ${certificate.validTo}`);
  const wrongKey = (why: string) => fault.certificateWrong(names.key, keyFile, why);
  let isOwn: boolean;
  try {
    isOwn = certificate.checkPrivateKey(createPrivateKey(key));
  } catch {
    throw wrongKey('is not a private key in PEM that needs no passphrase');
  }
  if (!isOwn) throw wrongKey(`is the key of another certificate than refpost.${names.cert}`);
}
