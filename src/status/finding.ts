import { faultOf } from '../disk/files.ts';
import { OperatorError } from '../errors.ts';
import type { World } from '../model/world.ts';
import type { Tolerated } from '../repository/workplace.ts';

/** What a check found; where it is not right, with what to do. Only `FAIL` counts for the exit code. */
export interface Finding {
  readonly mark: 'ok' | 'warn' | 'FAIL';
  readonly what: string;
  readonly remedy?: string;
  /** EX.NOPERM where this user may not do or see something. */
  readonly code?: number;
}

/** Looks at things that have to be in place, by name. */
export type Checks = Readonly<
  Record<string, (world: World, workplace: Tolerated) => Promise<Finding | readonly Finding[]>>
>;

export function ok(what: string): Finding {
  return { mark: 'ok', what };
}

export function warn(what: string, remedy: string): Finding {
  return { mark: 'warn', what, remedy };
}

export function warnIf(isSo: boolean, what: string, remedy: string): readonly Finding[] {
  return isSo ? [warn(what, remedy)] : [];
}

export function fail(what: string, remedy: string, code?: number): Finding {
  return { mark: 'FAIL', what, remedy, ...(code === undefined ? {} : { code }) };
}

/** A fault that a check met is what it found; a bug stays one. */
export function failure(thrown: unknown): Finding {
  const error = faultOf(thrown);
  if (error instanceof OperatorError) return fail(error.message, error.remedy, error.exitCode);
  throw thrown;
}
