import { fault, type OperatorError } from '../errors.ts';
import type { Origin } from './listing.ts';

/** One thing that is wrong with the settings. */
export interface ConfigFault {
  /** As documented where it is a setting, else as found. */
  readonly key: string;
  /** As found; absent where it may hold a secret. */
  readonly value?: string;
  readonly origin: Origin;
  /** What is wrong, worded to follow the key. */
  readonly wrong: string;
  /** What to write instead. */
  readonly advice: string;
}

/** All faults as one error, a line each: `refpost.maxMails = "many" (/etc/gitconfig:3, system): is not a whole number; for example: 50` */
export function configError(faults: readonly ConfigFault[]): OperatorError {
  return fault.settingsWrong(
    faults.map(({ key, value, origin, wrong, advice }) => {
      const shown = value === undefined ? '' : ` = "${excerpt(value)}"`;
      const scope = origin.isFile ? `, ${origin.scope}` : '';
      return `${excerpt(key)}${shown} (${originText(origin, excerpt)}${scope}): ${wrong}; ${advice}`;
    }),
  );
}

/** `/etc/gitconfig:3`; only the name where there is no file. */
export function originText({ source, line }: Origin, show: (text: string) => string): string {
  return show(source) + (line === undefined ? '' : `:${line}`);
}

/** A text for a terminal: on one line, nothing in it that moves the cursor or hides what stands there. */
export function printable(text: string): string {
  return text.replace(/[\p{C}\p{Zl}\p{Zp}]/gu, character => {
    const code = character.codePointAt(0) ?? 0;
    return character === '\n' ? '\\n' : character === '\t' ? '\\t' : `\\u{${code.toString(16)}}`;
  });
}

/** The same, not longer than a fault can bear. */
export function excerpt(text: string): string {
  const most = 80;
  const start = [...text.slice(0, 2 * most)].slice(0, most).join('');
  return printable(start) + (start.length < text.length ? '...' : '');
}
