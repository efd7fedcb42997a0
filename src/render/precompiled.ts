import type Handlebars from 'handlebars';

/**
 * What handlebars has made of the templates that come with refpost, by `keyOf` their text: so a template that was changed since is not among them.
 * `scripts/precompile.js` writes this module into the bundle; here it is empty, and each template is compiled when it is used.
 */
export const precompiled: Readonly<Record<string, ReturnType<typeof Handlebars.precompile>>> = {};
