/** One value as it stands in a listing; without `value` it is a key without one. */
export interface Listed {
  readonly key: string;
  readonly value?: string;
  readonly scope?: string;
  readonly origin?: string;
}

/** What git prints for these values. */
export function listing(...entries: readonly Listed[]): string {
  return entries
    .map(({ key, value, scope = 'local', origin = 'file:config' }) =>
      [scope, origin, value === undefined ? key : `${key}\n${value}`, ''].join('\0'),
    )
    .join('');
}
