// The text of src/render/precompiled.ts for the bundle: compiling the templates takes a third of a small run, and so does loading the compiler.
import { readdirSync } from 'node:fs';
import { transform } from 'esbuild';
import Handlebars from 'handlebars';
import { compileOptions, isText, keyOf, readTemplate } from '../build/src/render/templates.js';

export async function precompiledModule() {
  const files = readdirSync('templates', { recursive: true, encoding: 'utf8' })
    .filter(file => file.endsWith('.hbs'))
    .sort();
  const entries = files.map(file => {
    const { text } = readTemplate(['templates'], file);
    const options = compileOptions(isText(file));
    return `// ${file}\n${JSON.stringify(keyOf(text, options))}: ${Handlebars.precompile(text, options)}`;
  });
  const { code } = await transform(`export const precompiled = {\n${entries.join(',\n')}\n};`, {
    minify: true,
  });
  return code;
}
