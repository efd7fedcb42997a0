/** A header field: its name, and its value on one line. */
export type Field = readonly [name: string, value: string];

/** Fields of ours that a mail can do without, as they are written. */
export const OMITTABLE = [
  ...[
    'To',
    'Cc',
    'Sender',
    'Reply-To',
    'Subject',
    'List-Id',
    'List-Post',
    'List-Archive',
    'List-Unsubscribe',
  ],
  ...['List-Unsubscribe-Post', 'Archived-At', 'Thread-Index', 'Thread-Topic', 'X-Git-Host', 'X-Git-Repo'],
  ...[
    'X-Git-Refname',
    'X-Git-Reftype',
    'X-Git-Oldrev',
    'X-Git-Newrev',
    'X-Git-Rev',
    'X-Git-NotificationType',
  ],
  ...['X-Git-Pusher', 'Auto-Submitted', 'Precedence'],
  'X-Patchwork-Hint',
  'X-Original-Revision',
] as const;

/**
 * Fields that are written for every mail, that would name one more recipient or sender, and that mail servers and signers write
 * (RFC 5322 3.6.7, RFC 5321 4.4, RFC 6376, RFC 8601, RFC 8617).
 */
const RESERVED =
  /^(from|sender|to|cc|bcc|apparently-to|resent-.*|reply-to|subject|date|message-id|in-reply-to|references|mime-version|content-.*|received|return-path|delivered-to|x-original-to|dkim-signature|authentication-results|arc-.*)$/i;

/** True for a name that only this program and mail servers may write. */
export function isReserved(name: string): boolean {
  return RESERVED.test(name);
}

/** Printable ASCII without a colon (RFC 5322 2.2), and not too long for a line. */
export function isFieldName(name: string): boolean {
  return /^[!-9;-~]{1,76}$/.test(name);
}
