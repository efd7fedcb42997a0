// Puts the table of settings from the code into README.md, or with --check says whether it is there.
import { readFileSync, writeFileSync } from 'node:fs';
import { settingsTable } from '../build/src/config/settings-table.js';

const readme = readFileSync('README.md', 'utf8');
const fresh = readme.replace(
  /<!-- settings -->[\s\S]*<!-- \/settings -->/,
  () => `<!-- settings -->\n${settingsTable()}<!-- /settings -->`,
);
if (!process.argv.includes('--check')) writeFileSync('README.md', fresh);
else if (fresh !== readme) {
  console.error('README.md does not have the settings as they are: npm run readme');
  process.exitCode = 1;
}
