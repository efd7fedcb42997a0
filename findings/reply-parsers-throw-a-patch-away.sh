#!/bin/sh
# Packages: planer 1.2.0, email-reply-parser 2.3.9, node-email-reply-parser 0.1.4 (npm)
# Guess:    what reads the answer out of a mail takes quoted lines and signatures away; what a person pastes, without marks of quotation, stays, such as `git log` or a patch.
# Seen:     for planer the answer ends at the line `Date:` of git log, with the commit and the sentence below it. At the header of a patch of format-patch it ends for all three.
. "$(dirname "$0")/lib.sh"
with_npm planer@1.2.0 email-reply-parser@2.3.9 node-email-reply-parser@0.1.4
cat >run.mjs <<'J'
import { createRequire } from 'node:module';
import EmailReplyParser from 'email-reply-parser';
const require = createRequire(import.meta.url);
const planer = require('planer');
const nodeEmailReplyParser = require('node-email-reply-parser');
const log = ['commit d4232577c2ba', 'Author: Ann <ann@example.org>', 'Date:   Mon Jan 2 15:04:05 2006 +0000', '', '    Count lines'];
const patch = ['From: Ann <ann@example.org>', 'Date: Mon, 2 Jan 2006 15:04:05 +0000', 'Subject: [PATCH] Count lines', '', '-one', '+two'];
for (const [name, lines] of [['log', log], ['patch', patch]]) {
  const mail = ['It is this one:', '', ...lines, '', 'It breaks the build.', ''].join('\n');
  const answers = { planer: planer.extractFromPlain(mail), 'email-reply-parser': new EmailReplyParser().read(mail).getVisibleText(), 'node-email-reply-parser': nodeEmailReplyParser(mail, true) };
  for (const [parser, answer] of Object.entries(answers)) console.log(`${name}, ${parser}: ${answer.trim().split('\n').length} of ${lines.length + 4} lines`);
}
J
node run.mjs >now
seen 'an answer ends before what it speaks of' now <<'S'
log, planer: 4 of 9 lines
log, email-reply-parser: 9 of 9 lines
log, node-email-reply-parser: 9 of 9 lines
patch, planer: 1 of 10 lines
patch, email-reply-parser: 1 of 10 lines
patch, node-email-reply-parser: 1 of 10 lines
S
