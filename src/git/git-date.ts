const DAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/**
 * A moment in git's default format, in its own time zone: `Thu Feb 8 09:44:21 2018 -0800` (git-log(1), --date=default).
 * Empty for a moment that no calendar has.
 */
export function gitDate(seconds: number, zone: string): string {
  const offset = (zone.startsWith('-') ? -1 : 1) * (Number(zone.slice(1, 3)) * 60 + Number(zone.slice(3, 5)));
  const local = new Date((seconds + offset * 60) * 1000);
  if (Number.isNaN(local.getTime())) return '';
  const time = local.toISOString().slice(-13, -5);
  const day = `${DAYS[local.getUTCDay()]} ${MONTHS[local.getUTCMonth()]} ${local.getUTCDate()}`;
  return `${day} ${time} ${local.getUTCFullYear()} ${zone}`;
}
