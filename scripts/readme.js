// Puts the tables of settings from the code into README.md, those of other mailers' keys into docs/migrating.md, and what hosts set
// into the hook, and writes the manual page and the completion of shells; with --check says whether they are as the code has it.
import { readFileSync, writeFileSync } from 'node:fs';
import { GERRIT_PROJECTS, GERRIT_REFS } from '../build/src/host/gerrit.js';
import { recordedNames } from '../build/src/host/hosts.js';
import { mailers } from '../build/src/migrate/read-old.js';
import { tableOf } from '../build/src/migrate/report-text.js';
import { completionScripts } from './completion.js';
import { manualPage } from './manual-page.js';
import { settingGroups, standard } from './setting-groups.js';

const files = {
  'README.md': withSettings(readFileSync('README.md', 'utf8')),
  'docs/migrating.md': withMailers(readFileSync('docs/migrating.md', 'utf8')),
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

function withMailers(page) {
  return mailers.reduce(
    (text, mailer) =>
      text.replace(
        new RegExp(`<!-- ${mailer.name} -->[\\s\\S]*<!-- /${mailer.name} -->`),
        () => `<!-- ${mailer.name} -->\n${tableOf(mailer)}<!-- /${mailer.name} -->`,
      ),
    page,
  );
}

function row(cells) {
  return `| ${cells.map(cell => cell.replaceAll('|', '\\|')).join(' | ')} |\n`;
}

/** The hook's list of variables, and what of Gerrit's it passes over. */
function withNames(hook) {
  const names = inLines(recordedNames, ' ').map((line, at) =>
    at === 0 ? `names='${line}'` : `names="$names ${line}"`,
  );
  const text = `${names.join('\n')}
# True for a project, or a ref, that is Gerrit's own.
is_gerrits() {
  case $1 in ${GERRIT_PROJECTS.join(' | ')}) return 0 ;; esac
  case $2 in ${inLines(GERRIT_REFS, ' | ').join(' | \\\n    ')}) ;; *) return 1 ;; esac
}
`;
  return hook.replace(/(?<=^# <hosts>.*\n)[\s\S]*?(?=# <\/hosts>)/m, () => text);
}

/** Words in lines that grow no wider than the rest of the hook. */
function inLines(words, between) {
  const lines = [];
  for (const word of words) {
    const line = lines.at(-1);
    if (line !== undefined && line.length + word.length < 100)
      lines[lines.length - 1] = line + between + word;
    else lines.push(word);
  }
  return lines;
}
