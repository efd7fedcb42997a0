// Puts the tables of settings from the code into README.md, and writes the manual page and the completion of shells; with --check
// says whether they are as the code has it.
import { readFileSync, writeFileSync } from 'node:fs';
import { completionScripts } from './completion.js';
import { manualPage } from './manual-page.js';
import { settingGroups, standard } from './setting-groups.js';

const files = {
  'README.md': withSettings(readFileSync('README.md', 'utf8')),
  'docs/refpost.1': manualPage(),
  ...completionScripts(),
};
for (const [path, fresh] of Object.entries(files)) {
  if (!process.argv.includes('--check')) writeFileSync(path, fresh);
  else if (fresh !== readFileSync(path, 'utf8')) {
    console.error(`${path} does not say what the code says: npm run readme`);
    process.exitCode = 1;
  }
}

function withSettings(readme) {
  const tables = settingGroups().map(({ heading, settings }) =>
    [
      `### ${heading}\n\n`,
      row(['Setting', 'Type', 'Default', 'Meaning']),
      row(['---', '---', '---', '---']),
      ...settings.map(([key, setting]) =>
        row([
          `\`refpost.${key}\``,
          setting.type.name,
          standard(setting, '`'),
          setting.help + (setting.audience ? '' : ' (For all audiences.)'),
        ]),
      ),
    ].join(''),
  );
  return readme.replace(
    /<!-- settings -->[\s\S]*<!-- \/settings -->/,
    () => `<!-- settings -->\n${tables.join('\n')}<!-- /settings -->`,
  );
}

function row(cells) {
  return `| ${cells.map(cell => cell.replaceAll('|', '\\|')).join(' | ')} |\n`;
}
