import { fault, type OperatorError } from '../errors.ts';
import type { Origin } from './listing.ts';
import { excerpt } from './printable.ts';

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

/** All faults as one error, a line each. */
export function configError(faults: readonly ConfigFault[]): OperatorError {
  return fault.settingsWrong(faults.map(faultLine));
}

/** `refpost.maxMails = "many" (/etc/gitconfig:3, system): is not a whole number; for example: 50` */
function faultLine({ key, value, origin, wrong, advice }: ConfigFault): string {
  const shown = value === undefined ? '' : ` = "${excerpt(value)}"`;
  return `${excerpt(key)}${shown} (${originText(origin)}): ${wrong}; ${advice}`;
}

/** `/etc/gitconfig:3, system`; only the name where there is no file. */
function originText({ scope, source, isFile, line }: Origin): string {
  if (!isFile) return excerpt(source);
  return `${excerpt(source)}${line === undefined ? '' : `:${line}`}, ${scope}`;
}
