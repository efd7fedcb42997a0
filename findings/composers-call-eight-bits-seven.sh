#!/bin/sh
# Packages: mimetext 3.0.28, emailjs 5.0.3 (npm)
# Guess:    what makes mails encodes a text with other letters, or calls it 8bit; breaks lines of more than 998 octets by an encoding; and folds a long subject, into encoded
#           words of at most 75 characters (RFC 2047 2).
# Seen:     both write UTF-8 and call it 7bit, which RFC 2045 6.2 allows for ASCII in short lines alone. No line of text is broken. Both leave the subject
#           on one line, mimetext as one word.
. "$(dirname "$0")/lib.sh"
with_npm mimetext@3.0.28 emailjs@5.0.3
cat >run.mjs <<'J'
import { Message } from 'emailjs';
import { createMimeMessage } from 'mimetext';
const from = 'ann@example.org', to = 'bo@example.org', subject = 'é'.repeat(90), text = `é ${'w'.repeat(1200)}\n`;
const mail = createMimeMessage();
mail.setSender(from);
mail.setRecipient(to);
mail.setSubject(subject);
mail.addMessage({ contentType: 'text/plain', data: text });
for (const [name, bytes] of [['mimetext', mail.asRaw()], ['emailjs', await new Message({ from, to, subject, text }).readAsync()]]) {
  const [, header, body] = /^(.*?)\r?\n\r?\n(.*)$/s.exec(bytes);
  console.log(name, /Encoding: *(\S+)/.exec(header)[1], /[^\x00-\x7f]/.test(body) ? 'with other bytes than ASCII' : 'ASCII');
  console.log('  longest line of the text', Math.max(...body.split('\n').map(line => line.length)), 'longest encoded word', Math.max(...header.match(/=\?.*?\?=(?=\s)/g).map(word => word.length)));
  console.log('  subject in', /^Subject:.*(\r?\n[ \t].*)*/m.exec(header)[0].split('\n').length, 'line');
}
J
node run.mjs >now
seen '7bit is not' now <<'S'
mimetext 7bit with other bytes than ASCII
  longest line of the text 1202 longest encoded word 252
  subject in 1 line
emailjs 7bit with other bytes than ASCII
  longest line of the text 1202 longest encoded word 60
  subject in 1 line
S
