/** Names a push: `20261122T113000-9f86d081`, the second it was recorded in (UTC) and eight random hex digits. */
export function pushId(time: number, random: string): string {
  const stamp = new Date(time).toISOString().replace(/[-:]|\.\d+Z$/g, '');
  return `${stamp}-${random}`;
}

/** Whether a file name in the drop directory is one that the hook gives. */
export function isPushId(name: string): boolean {
  return /^\d{8}T\d{6}-[0-9a-f]{8}$/.test(name);
}

/** When a push was recorded, by its name: milliseconds since 1970, to the second. undefined for any other name. */
export function recordedAt(id: string): number | undefined {
  if (!isPushId(id)) return undefined;
  const time = Date.parse(id.slice(0, 15).replace(/^(....)(..)(..T..)(..)(..)$/, '$1-$2-$3:$4:$5Z'));
  return Number.isNaN(time) ? undefined : time;
}
