import { type Setting, settings } from './settings.ts';

/** All settings as a Markdown table, for README.md. Ends with a line end. */
export function settingsTable(): string {
  const rows = Object.entries<Setting>(settings).map(([key, setting]) => [
    `\`refpost.${key}\``,
    setting.type.name,
    setting.default === undefined ? (setting.unset ?? '') : `\`${setting.default}\``,
    setting.help,
  ]);
  return [['Setting', 'Type', 'Default', 'Meaning'], ['---', '---', '---', '---'], ...rows]
    .map(markdownRow)
    .join('');
}

function markdownRow(cells: readonly string[]): string {
  return `| ${cells.map(cell => cell.replaceAll('|', '\\|')).join(' | ')} |\n`;
}
