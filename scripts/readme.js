// Puts the tables of settings from the code into README.md, and the names of variables that hosts set into the hook, and writes the manual page
// and the completion of shells; with --check says whether they are as the code has it.
import { readFileSync, writeFileSync } from 'node:fs';
import { recordedNames } from '../build/src/host/hosts.js';
import { completionScripts } from './completion.js';
import { manualPage } from './manual-page.js';
import { settingGroups, standard } from './setting-groups.js';

const files = {
  'README.md': withSettings(readFileSync('README.md', 'utf8')),
  'docs/refpost.1': manualPage(),
  'bin/post-receive': withNames(readFileSync('bin/post-receive', 'utf8')),
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

/** The hook's list of variables, as assignments of sh that grow no wider than the rest. */
function withNames(hook) {
  const lines = [];
  for (const name of recordedNames) {
    const line = lines.at(-1);
    if (line !== undefined && line.length + name.length < 100) lines[lines.length - 1] = `${line} ${name}`;
    else lines.push(name);
  }
  const text = lines
    .map((line, at) => (at === 0 ? `names='${line}'\n` : `names="$names ${line}"\n`))
    .join('');
  return hook.replace(/(?<=^# <hosts>.*\n)[\s\S]*?(?=# <\/hosts>)/m, () => text);
}
