import { filledIn } from '../model/words.ts';
import type { ConfigFault } from './config-fault.ts';
import { settingKey } from './keys.ts';
import type { SectionSettings } from './resolve-setting.ts';
import type { SettingKey } from './settings.ts';

/** Settings of how a mail looks of which each is right, but not beside the others. An audience is told of its own alone. */
export function misshapen(section: SectionSettings): readonly ConfigFault[] {
  return [...unmarked(section), ...bulky(section)];
}

/** By any one of these a vacation program knows that there is nobody to answer (RFC 3834 2, RFC 5230 4.6). */
const MARKS = ['Auto-Submitted', 'Precedence', 'List-Id'] as const;

function unmarked({ name, values, effective }: SectionSettings): readonly ConfigFault[] {
  const own = values.header.map(([field]) => field.toLowerCase());
  const isThere = (mark: (typeof MARKS)[number]) =>
    own.includes(mark.toLowerCase()) ||
    (!values.omitHeader.includes(mark) && (mark !== 'List-Id' || values.listId !== 'none'));
  if (MARKS.some(isThere)) return [];
  return guilty(name, effective, ['omitHeader', 'listId'], {
    wrong: `leaves out the last of ${MARKS.join(', ')}: every vacation program would answer each mail`,
    advice: 'leave out two of them at the most',
  });
}

/** What a word may come to, and a byte that is not ASCII, once it is encoded. */
const LONG_WORD = 'x'.repeat(250);
const ENCODED = 'x'.repeat(4);

/** No mail could be small enough. */
function bulky({ name, values, effective }: SectionSettings): readonly ConfigFault[] {
  const {
    header,
    listPost,
    listArchive,
    listUnsubscribe,
    archivedAt = '',
    subject = '',
    footer = '',
  } = values;
  const texts = [
    ...header.flat(),
    ...listPost,
    ...listArchive,
    ...listUnsubscribe,
    archivedAt,
    subject,
    footer,
  ];
  const bytes = texts.reduce((sum, text) => {
    const filled = Buffer.from(filledIn(text, () => LONG_WORD)).toString('latin1');
    return sum + filled.replace(/[^\n -~]/g, ENCODED).length;
  }, 0);
  if (bytes <= values.maxSize / 3) return [];
  return guilty(
    name,
    effective,
    ['header', 'footer', 'subject', 'listUnsubscribe', 'listArchive', 'listPost', 'archivedAt', 'maxSize'],
    {
      wrong: `headers, subject and footer may take ${bytes} bytes, more than a third of a mail (refpost.maxSize is ${values.maxSize})`,
      advice: 'set less of them, or a larger refpost.maxSize',
    },
  );
}

/** At the last setting of these that the section has itself. */
function guilty(
  name: string,
  effective: SectionSettings['effective'],
  keys: readonly SettingKey[],
  fault: Pick<ConfigFault, 'wrong' | 'advice'>,
): readonly ConfigFault[] {
  const own = keys.map(key => settingKey(name, key));
  const isSet = (one: (typeof effective)[number]) => one.origin.scope !== 'default' && own.includes(one.key);
  const last = effective.findLast(isSet);
  return last ? [{ ...last, ...fault }] : [];
}
