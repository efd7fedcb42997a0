import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import Handlebars from 'handlebars';
import { fault } from '../errors.ts';

const NAMES = ['subject', 'preamble', 'commit', 'summary', 'digest', 'administrator'] as const;

type TemplateName = (typeof NAMES)[number];

/** Compiled templates: plain values in, text out. */
export type Templates = (name: TemplateName, values: object) => string;

/**
 * Reads and compiles the templates: each from the first folder that has it, so that an administrator's folder may
 * replace some and leave the rest. A template is code; only files named by the administrator's settings get here.
 * Fails with a sentence where a template does not compile or names a variable that does not exist.
 */
export function loadTemplates(folders: readonly string[]): Templates {
  const handlebars = Handlebars.create();
  const files = new Map<TemplateName, string>();
  for (const name of NAMES) {
    const [path, source] = readFirst(folders, `${name}.hbs`);
    files.set(name, path);
    handlebars.registerPartial(name, source);
  }
  const compiled = new Map(
    NAMES.map(name => [
      name,
      handlebars.compile<object>(`{{> ${name}}}`, { noEscape: true, strict: true, knownHelpersOnly: true }),
    ]),
  );
  return (name, values) => {
    try {
      return compiled.get(name)?.(values) ?? '';
    } catch (error) {
      throw fault.badTemplate(files.get(name) ?? name, error);
    }
  };
}

function readFirst(folders: readonly string[], file: string): [path: string, source: string] {
  for (const folder of folders) {
    const path = join(folder, file);
    try {
      return [path, readFileSync(path, 'utf8')];
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw fault.unreadableTemplate(path, error);
    }
  }
  throw fault.missingTemplate(file, folders);
}
