import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { TestRepository, temporaryFolder } from '../test/fixtures/repository.ts';
import type { CleanUps, Trial } from '../test/fixtures/trials.ts';
import { serveCgi } from './cgi-server.ts';

const CGIT = '/usr/lib/cgit/cgit.cgi';
const GITWEB = '/usr/share/gitweb/gitweb.cgi';

/** Pages of a repository, by cgit. */
export const cgit: Trial = {
  programs: [CGIT],
  packages: ['cgit'],
  play: t =>
    shown(t, async folder => {
      const config = join(folder, 'cgitrc');
      writeFileSync(config, `virtual-root=/cgi\nscan-path=${folder}\n`);
      return `${await serveCgi(t, CGIT, { CGIT_CONFIG: config })}/project.git`;
    }),
};

/** The same by gitweb. */
export const gitweb: Trial = {
  programs: [GITWEB],
  packages: ['gitweb'],
  play: t =>
    shown(t, async folder => {
      const config = join(folder, 'gitweb.conf');
      writeFileSync(config, `$projectroot = "${folder}";\n`);
      return `${await serveCgi(t, GITWEB, { GITWEB_CONFIG: config })}?p=project.git`;
    }),
};

async function shown(t: CleanUps, serve: (folder: string) => Promise<string>): Promise<string> {
  const folder = temporaryFolder(t);
  const clone = new TestRepository(join(folder, 'clone'));
  clone.commit({ message: 'Say hello', files: { 'hello.txt': 'hello\n' } });
  clone.git('clone', '-q', '--bare', '.', '../project.git');
  const url = await serve(folder);
  const page = await fetch(url);
  const text = await page.text();
  if (page.status !== 200 || !text.includes('Say hello')) throw new Error(`${url}: ${page.status} ${text}`);
  return 'shows the commit';
}
