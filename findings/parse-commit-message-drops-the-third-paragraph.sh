#!/bin/sh
# Package:  parse-commit-message 5.0.4 (npm)
# Guess:    of a message of several paragraphs `body` has all but the last, and `footer` the last, the trailers.
# Seen:     body is the first paragraph, footer the second, whatever it is; all others, and the trailers among them, are in neither.
. "$(dirname "$0")/lib.sh"
with_npm parse-commit-message@5.0.4
cat >run.mjs <<'J'
import { parse } from 'parse-commit-message';
const message = 'fix: count lines\n\nThey were counted twice.\n\nFiles without a line end have one, too.\n\nReviewed-by: Bo <bo@example.org>';
const [{ body, footer }] = parse(message);
console.log({ body, footer });
J
node run.mjs >now
seen 'two of three paragraphs are left' now <<'S'
{
  body: 'They were counted twice.',
  footer: 'Files without a line end have one, too.'
}
S
