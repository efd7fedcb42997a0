import type { Email } from 'postal-mime';
import type { Paint, Palette } from './terminal.ts';

/** The headers that mail readers hide. */
const HIDDEN = /^(received|content-.*|mime-version)$/;

/** One mail whole: its headers, a blank line, its text with the diff in colours. */
export function layOutMail(mail: Email | undefined, paint: Palette): string {
  if (!mail) return '';
  const headers = mail.headers
    .filter(({ key }) => !HIDDEN.test(key))
    .map(({ originalKey, value }) => `  ${paint.dim(`${originalKey}:`)} ${value}`);
  const lines = (mail.text ?? '').trimEnd().split('\n');
  return [...headers, '', ...lines.map(line => line && `  ${paintOf(line, paint)(line)}`)].join('\n');
}

function paintOf(line: string, paint: Palette): Paint {
  if (/^(diff --git|index|---|\+\+\+) /.test(line)) return paint.bold;
  if (line.startsWith('@@ ')) return paint.cyan;
  if (line.startsWith('+')) return paint.green;
  if (/^-(?!-{69}$)/.test(line)) return paint.red;
  return text => text;
}
