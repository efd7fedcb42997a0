// For `npm test`: a dot for each test that passes, an F for each that fails; at the end each failure in full, why tests were
// skipped, and node's own summary (`# tests 1093` and so on), which programs may read.
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
      if (type === 'test:fail') failures.push(failure(data));
      else if (data.skip !== undefined) skipped.push(`skipped: ${data.name}: ${data.skip}\n`);
      tests += 1;
      yield `${type === 'test:fail' ? 'F' : '.'}${tests % WIDTH === 0 ? '\n' : ''}`;
    }
    if (type === 'test:diagnostic') summary.push(`# ${data.message}\n`);
    if (type === 'test:stdout' || type === 'test:stderr') yield data.message;
  }
  yield `\n${[...failures, ...skipped, ...summary].join('')}`;
}

function failure({ name, file, line, details: { error } }) {
  const cause = error.cause ?? error;
  return `\nnot ok: ${name}\n  ${file}:${line}\n${inspect(cause).replace(/^/gm, '  ')}\n\n`;
}
