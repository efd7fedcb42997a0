import type { PushWish } from './plan-push.ts';

/**
 * What the pusher asks for by push options: `git push -o mail=none` or `-o mail=summary`. The last one holds. Others are for
 * other hooks.
 */
export function wishOf(options: readonly string[]): PushWish {
  const last = options.findLast(option => /^mail=(all|none|summary)$/.test(option));
  return (last?.slice('mail='.length) as PushWish | undefined) ?? 'all';
}
