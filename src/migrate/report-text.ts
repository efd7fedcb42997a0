import { excerpt, originText, printable } from '../config/config-fault.ts';
import { settingKey } from '../config/keys.ts';
import { type Setting, type SettingKey, settings } from '../config/settings.ts';
import type { Fate, Mailer, NewSetting } from './mailer.ts';
import type { Migration, Reported } from './plan-migration.ts';

/** The mailers' tables for docs/migrating.md: each key, what it becomes, and why. */
export function tableOf({ section, keys }: Mailer): string {
  const row = (cells: readonly string[]) =>
    `| ${cells.map(cell => cell.replaceAll('|', '\\|')).join(' | ')} |\n`;
  return [
    row(['Key', 'Becomes', '']),
    row(['---', '---', '---']),
    ...keys.map(({ name, sort, into, why }) =>
      row([`\`${section.replace('emails-on-push.', '')}${name}\``, into || sort, why]),
    ),
  ].join('');
}

/** Every key with what becomes of it, then what is in the way. */
export function reportText({ mailer, report, kept }: Migration): readonly string[] {
  const keys = report.length === 1 ? '1 key' : `${report.length} keys`;
  return [
    `${mailer.name}: ${keys} in ${mailer.where}`,
    ...report.flatMap(one => [headOf(one), ...fateLines(one.fate, mailer).map(line => `  ${line}`)]),
    ...kept.map(key => `${key} is set already, and is left as it is`),
  ];
}

function headOf({ name, values, origin }: Reported): string {
  const shown = values.length === 0 ? '' : ` = ${values.map(excerpt).join(', ')}`;
  return `${excerpt(name)}${shown} (${originText(origin, excerpt)})`;
}

function fateLines(fate: Fate | undefined, { name }: Mailer): readonly string[] {
  if (fate === undefined) return [`unknown: ${name} has no such key`];
  if ('needless' in fate) return [`not needed: ${sentence(fate.needless)}`];
  if ('refused' in fate) return [`refused: ${sentence(fate.refused)}`];
  return [
    ...new Set(fate.becomes.map(setting => `mapped: ${settingText(setting)}`)),
    ...(fate.but === undefined ? [] : [`but: ${sentence(fate.but)}`]),
  ];
}

/** It may have words of the old settings in it. */
function sentence(text: string): string {
  return printable(text.slice(0, 500));
}

function settingText({ audience = '', key, value }: NewSetting): string {
  return addedText(settingKey(audience, key), value);
}

/** @param key in full */
export function addedText(key: string, value: string): string {
  const { type }: Setting = settings[key.replace(/^.*\./s, '') as SettingKey];
  return `${key} = ${type.secret ? '(not shown)' : excerpt(value)}`;
}
