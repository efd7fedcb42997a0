import { strict as assert } from 'node:assert';
import { type PeopleFile, parsePeopleFile } from '../../src/people/people-file.ts';

/** A people file of these lines. */
export async function peopleFile(path: string, lines: readonly string[]): Promise<PeopleFile> {
  return (
    (await parsePeopleFile(path, Buffer.from(`${lines.join('\n')}\n`))) ?? assert.fail(`${path} is none`)
  );
}

/** Whom a file names for some paths, in its order, with a blank between any two. */
export function namedIn(file: PeopleFile, ...paths: readonly string[]): string {
  const { named, unjudged } = file.of(paths);
  assert.equal(unjudged, undefined);
  return named.map(({ who }) => who).join(' ');
}
