// For `npm test`: a dot for each test that passes, an F and the failure in full for each that fails; at the end what failed, why tests
// were skipped, and node's own summary (`# tests 1093` and so on), which programs may read.
import { inspect } from 'node:util';

/** Dots on a line. */
const WIDTH = 100;

export default async function* shortReport(events) {
  const failures = [];
  const skipped = [];
  const summary = [];
  let tests = 0;
  for await (const { type, data } of events) {
    if (type === 'test:pass' || type === 'test:fail') {
      if (type === 'test:fail') failures.push(`failed: ${place(data)}\n`);
      else if (data.skip !== undefined) skipped.push(`skipped: ${data.name}: ${data.skip}\n`);
      tests += 1;
      yield `${type === 'test:fail' ? `F${failure(data)}` : '.'}${tests % WIDTH === 0 ? '\n' : ''}`;
    }
    if (type === 'test:diagnostic') summary.push(`# ${data.message}\n`);
    if (type === 'test:stdout' || type === 'test:stderr') yield data.message;
  }
  yield `\n${[...failures, ...skipped, ...summary].join('')}`;
}

// At once: whoever ends a run before its end sees what has failed.
function failure(data) {
  const { error } = data.details;
  return `\nnot ok: ${place(data)}\n${inspect(error.cause ?? error).replace(/^/gm, '  ')}\n\n`;
}

function place({ name, file, line }) {
  return `${name}\n  ${file}:${line}`;
}
