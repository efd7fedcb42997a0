import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { fault } from '../errors.ts';
import type { Config } from '../model/config.ts';
import { readSecret } from './secret.ts';

export interface TlsSettings extends Pick<Config, 'caFile' | 'clientCertFile' | 'clientKeyFile'> {
  /** By this clock a certificate of our own is over. */
  readonly now: () => number;
}

/** As tls.connect() takes them, in PEM. */
export interface TlsFiles {
  readonly ca?: Buffer;
  readonly cert?: Buffer;
  readonly key?: Buffer;
}

/**
 * Reads whom to trust and who we are, at every connection, so that a renewed certificate is taken up.
 * @throws OperatorError where a server could only say less about it
 */
export async function readTlsFiles({
  caFile,
  clientCertFile,
  clientKeyFile,
  now,
}: TlsSettings): Promise<TlsFiles> {
  const ca = caFile === undefined ? undefined : await readCertificates('caFile', caFile);
  if (clientCertFile === undefined || clientKeyFile === undefined) return { ...(ca && { ca }) };
  const cert = await readCertificates('clientCertFile', clientCertFile);
  const key = await readSecret('clientKeyFile', clientKeyFile);
  checkIdentity(cert, key, { clientCertFile, clientKeyFile, now: now() });
  return { ...(ca && { ca }), cert, key };
}

/** The certificates in a file that a setting names. */
export async function readCertificates(
  setting: 'caFile' | 'clientCertFile' | 'outboxCaFile',
  path: string,
): Promise<Buffer> {
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
  cert: Buffer,
  key: Buffer,
  { clientCertFile, clientKeyFile, now }: { clientCertFile: string; clientKeyFile: string; now: number },
): void {
  const certificate = new X509Certificate(cert);
  if (Date.parse(certificate.validTo) < now)
    throw fault.certificateWrong('clientCertFile', clientCertFile, `has expired on ${certificate.validTo}`);
  const wrongKey = (why: string) => fault.certificateWrong('clientKeyFile', clientKeyFile, why);
  let isOwn: boolean;
  try {
    isOwn = certificate.checkPrivateKey(createPrivateKey(key));
  } catch {
    throw wrongKey('is not a private key in PEM that needs no passphrase');
  }
  if (!isOwn) throw wrongKey('is the key of another certificate than refpost.clientCertFile');
}
