#!/bin/sh
# Package:  conventional-commits-parser 7.1.4 (npm)
# Guess:    `mentions` has the handles of a message, and an address in a trailer is none. The footer is the last paragraph, of trailers and notes.
# Seen:     each address is taken for a handle after its @: the reviewer Bo <bo@example.org> is a mention of the user `example`. And the footer starts at the first
#           reference: `see #1` in the first paragraph makes all of the body a part of it.
. "$(dirname "$0")/lib.sh"
with_npm conventional-commits-parser@7.1.4
cat >run.mjs <<'J'
import { CommitParser } from 'conventional-commits-parser';
for (const text of ['text', 'see #1']) {
  const { body, footer, mentions } = new CommitParser().parse(`feat: one\n\n${text}\n\nReviewed-by: Bo <bo@example.org>\n`);
  console.log(JSON.stringify({ body, footer, mentions }));
}
J
node run.mjs >now
seen 'an address is a mention' now <<'S'
{"body":"text","footer":"Reviewed-by: Bo <bo@example.org>","mentions":["example"]}
{"body":"","footer":"see #1\n\nReviewed-by: Bo <bo@example.org>","mentions":["example"]}
S
