import { isUtf8 } from 'node:buffer';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import Handlebars from 'handlebars';
import { fault, OperatorError } from '../errors.ts';
import type { Config } from '../model/config.ts';
import { STYLE } from './html-style.ts';

const TEXTS = ['subject', 'preamble', 'commit', 'summary', 'digest', 'administrator'] as const;
/** Those of the HTML parts, in which every value is escaped, and what these share. */
const PAGES = [
  'head.html',
  'foot.html',
  'prose.html',
  'line.html',
  'refs.html',
  'commit.html',
  'summary.html',
  'digest.html',
] as const;
const NAMES = [...TEXTS, ...PAGES];

type TemplateName = (typeof NAMES)[number];

/** Compiled templates: plain values in, text or HTML out. */
export type Templates = (name: TemplateName, values: object) => string;

/** What rendering knows besides the push itself. */
export interface RenderContext {
  /** The name of the audience; empty for the default one. */
  readonly audience: string;
  /** Its settings. */
  readonly config: Config;
  /** The repository's name in every subject. */
  readonly repositoryName: string;
  /** Who pushed, where that is known. */
  readonly pusher?: { readonly name: string; readonly email?: string; readonly signed?: true };
  /** Domain of the Message-IDs, and of the sender where none is configured. */
  readonly host: string;
  readonly templates: Templates;
}

/**
 * Compiles each template from the first folder that has it: an administrator's own may replace some. Templates are code, and only settings name them.
 * Fails with a sentence where a folder is missing, a template does not compile or names a variable that does not exist.
 */
export function loadTemplates(folders: readonly string[]): Templates {
  const missing = folders.find(folder => !existsSync(folder));
  if (missing !== undefined) throw fault.missingTemplates(missing);
  const templates = load(folders, NAMES, isPage);
  return (name, values) => templates(name, isPage(name) ? { ...values, style: STYLE } : values);
}

/** Compiles templates of HTML or XML pages from the first folder that has them: what they show is escaped. Each may include the others. */
export function loadPages<Name extends string>(folders: readonly string[], names: readonly Name[]) {
  return load(folders, names, () => true);
}

function load<Name extends string>(
  folders: readonly string[],
  names: readonly Name[],
  isEscaped: (name: Name) => boolean,
) {
  const handlebars = Handlebars.create();
  const compiled = new Map(
    names.map(name => [name, compile(handlebars, folders, `${name}.hbs`, { noEscape: !isEscaped(name) })]),
  );
  for (const [name, template] of compiled) handlebars.registerPartial(name, template);
  return (name: Name, values: object): string => compiled.get(name)?.(values) ?? '';
}

/**
 * Renders each template with all that a mail can have, and the least, so that faults in branches that few mails reach are found too.
 * @param folder the one of `sample.json`, which has these values
 */
export function renderSamples(templates: Templates, folder: string): void {
  const samples: Partial<Record<TemplateName, object[]>> = JSON.parse(
    readFileSync(join(folder, 'sample.json'), 'utf8'),
  );
  for (const name of NAMES) for (const values of samples[name] ?? []) templates(name, values);
}

function isPage(name: TemplateName): boolean {
  return PAGES.some(page => page === name);
}

/** A template whose faults name its own file, wherever it is included. */
function compile(
  handlebars: typeof Handlebars,
  folders: readonly string[],
  file: string,
  { noEscape }: { readonly noEscape: boolean },
) {
  const { path, text } = readFirst(folders, file);
  const options = { noEscape, strict: true, knownHelpersOnly: true };
  const template: Handlebars.TemplateDelegate = handlebars.compile(text, options);
  return (values: object, runtime?: Handlebars.RuntimeOptions) => {
    try {
      return template(values, runtime);
    } catch (error) {
      throw error instanceof OperatorError ? error : fault.badTemplate(path, reason(error as Error), error);
    }
  };
}

/** Handlebars says `"repo" not defined in [object Object] - 1:3`, or `Parse error on line 3:` with an excerpt. */
function reason(error: Error & { readonly lineNumber?: number }): string {
  const line = error.lineNumber ?? /^Parse error on line (\d+)/.exec(error.message)?.[1];
  const words = error.message.replace(/ - \d+:\d+$/, '');
  return line === undefined ? inWords(words) : `line ${line}: ${inWords(words)}`;
}

function inWords(words: string): string {
  const [, name, holder] =
    /^"(.*)" not defined in (.*)$/s.exec(words) ?? /for '(.*)' in ()/.exec(words) ?? [];
  if (holder === 'null' || holder === 'undefined')
    return `"${name}" is asked of something that this mail does not have; put an {{#if}} around it`;
  if (name !== undefined) return `there is no variable "${name}"`;
  const [, helper] = /the unknown helper (.*)/.exec(words) ?? [];
  if (helper !== undefined) return `there is no helper "${helper}"`;
  const [, partial] = /^The partial (.*) could not/.exec(words) ?? [];
  if (partial !== undefined) return `there is no template "${partial}" to include`;
  const [, excerpt] = /^Parse error.*\n(.*)\n-*\^/.exec(words) ?? [];
  return excerpt === undefined
    ? words.replace(/\s*\n\s*/g, ' ')
    : `it is broken off or misspelt after ${excerpt}`;
}

/** Editors on Windows write a byte order mark and CR LF: neither belongs in a mail. */
function readFirst(folders: readonly string[], file: string) {
  for (const folder of folders) {
    const path = join(folder, file);
    try {
      const bytes = readFileSync(path);
      if (!isUtf8(bytes) || bytes.includes(0)) throw fault.templateNotUtf8(path);
      const text = bytes.toString('utf8').replace(/\r\n?/g, '\n');
      return { path, text: text.replace(/^\ufeff/, '') };
    } catch (error) {
      if (error instanceof OperatorError) throw error;
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw fault.unreadableTemplate(path, error);
    }
  }
  throw fault.missingTemplate(file, folders);
}
