import { isUtf8 } from 'node:buffer';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type Handlebars from 'handlebars';
import runtime from 'handlebars/runtime.js';
import { fault, OperatorError } from '../errors.ts';
import type { Config } from '../model/config.ts';
import type { Links } from '../model/links.ts';
import { STYLE } from './html-style.ts';
import { precompiled } from './precompiled.ts';

/** What compiled templates need. */
const engine = runtime as unknown as typeof Handlebars;

const NAMES = [
  ...['subject', 'preamble', 'commit', 'summary', 'digest', 'administrator'],
  // What texts of several styles share.
  ...['file', 'notes', 'remarks', 'stories', 'listing'],
  // Those of the HTML parts, in which every value is escaped, and what these share.
  ...['head.html', 'foot.html', 'prose.html', 'line.html', 'refs.html', 'ref.html'],
  ...['commit.html', 'summary.html', 'digest.html'],
] as const;

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
  /** Where a browser shows the repository, if that is known. */
  readonly links?: Links;
}

/**
 * Takes each template from the first folder that has it: an administrator's own may replace some. Templates are code, and only settings name them.
 * Fails with a sentence where a folder or a template is missing; when it is used, where it does not compile or names a variable that does not exist.
 */
export async function loadTemplates(folders: readonly string[]): Promise<Templates> {
  const missing = folders.find(folder => !existsSync(folder));
  if (missing !== undefined) throw fault.missingTemplates(missing);
  const templates = await load(folders, NAMES, isText);
  return (name, values) => templates(name, isText(name) ? values : { ...values, style: STYLE });
}

/** Escapes as templates do. */
export const escapeHtml = (text: string): string => engine.escapeExpression(text);

/** A value that templates show as it is. */
export const safeHtml = (html: string): object => new engine.SafeString(html);

/** Takes templates of HTML or XML pages from the first folder that has them: what they show is escaped. Each may include the others. */
export function loadPages<Name extends string>(folders: readonly string[], names: readonly Name[]) {
  return load(folders, names, () => false);
}

async function load<Name extends string>(
  folders: readonly string[],
  names: readonly Name[],
  isText: (name: Name) => boolean,
) {
  const sources = names.map(name => {
    const options = compileOptions(isText(name));
    const source = readTemplate(folders, `${name}.hbs`);
    return { ...source, name, options, built: precompiled[keyOf(source.text, options)] };
  });
  // Most repositories use those that come with refpost: to load the compiler would take them longer than all their mails.
  const isBuilt = sources.every(({ built }) => built !== undefined);
  const handlebars = (isBuilt ? engine : await loadCompiler()).create();
  const templates = new Map(
    sources.map(({ name, path, text, options, built }) => [
      name,
      naming(path, built ? handlebars.template(built) : handlebars.compile(text, options)),
    ]),
  );
  for (const [name, template] of templates) handlebars.registerPartial(name, template);
  return (name: Name, values: object): string => templates.get(name)?.(values) ?? '';
}

/** Loads what compiles templates of an administrator. */
async function loadCompiler(): Promise<typeof Handlebars> {
  return (await import('handlebars')).default;
}

/** How a template is compiled: in texts nothing is escaped, and what is unknown is an error. */
export function compileOptions(noEscape: boolean) {
  return { noEscape, strict: true, knownHelpersOnly: true };
}

/** By what a compiled template is known: its text, and whether it escapes. */
export function keyOf(text: string, { noEscape }: { readonly noEscape: boolean }): string {
  return createHash('sha256').update(`${noEscape}\n${text}`).digest('base64url');
}

/** True for a template of a mail's text; false for one of its HTML, or of the pages of an archive. By its name, or its file below templates/. */
export function isText(name: string): boolean {
  return !/^archive\/|\.html(\.hbs)?$/.test(name);
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

/** A template whose faults name its own file, wherever it is included. */
function naming(path: string, template: Handlebars.TemplateDelegate) {
  return (values: object, options?: Handlebars.RuntimeOptions) => {
    try {
      return template(values, options);
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

/** The text of a template and its path, in the first folder that has it. Editors on Windows write a byte order mark and CR LF: neither belongs in a mail. */
export function readTemplate(folders: readonly string[], file: string) {
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
