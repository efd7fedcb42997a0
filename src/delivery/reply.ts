import type { NodemailerError } from 'nodemailer/lib/errors';
import { shortLine } from './header-text.ts';

const LONGEST_REPLY = 500;

/**
 * The server's own words, or the system's where there is no server: one line of printable text, bounded in length.
 * @param secrets what must not stand in it, should a server repeat what it was told
 */
export function replyOf(failure: NodemailerError, secrets: readonly string[] = []): string {
  const words = failure.response ?? systemWords(failure);
  return boundedReply(secrets.reduce((text, secret) => text.replaceAll(secret, '***'), words));
}

/** `550-5.1.1 No such\r\n550 user` → `550 5.1.1 No such user` */
export function boundedReply(words: string): string {
  const joined = words.replace(/^(\d{3})-/, '$1 ').replace(/\r?\n\d{3}[ -]/g, ' ');
  return shortLine(joined, LONGEST_REPLY);
}

/** OpenSSL has its words in `reason`, amid addresses and file names in the message. */
interface SystemError extends NodemailerError {
  readonly reason?: string;
  readonly errors?: readonly Error[];
}

/** Where a host has several addresses and all fail, node has the words in the parts and none in the whole. */
function systemWords({ reason, message, errors = [], originalCode, code }: SystemError): string {
  const parts = errors.map(error => error.message).join('; ');
  return reason || message || parts || originalCode || code || 'unknown fault';
}
