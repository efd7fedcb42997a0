import assert from 'node:assert/strict';
import type { Mail } from '../../src/model/mail.ts';

export const PLAIN: Mail = {
  envelope: { from: 'bounces@example.org', to: ['list@example.org'] },
  messageId: '<2.push@example.org>',
  inReplyTo: '<1.push@example.org>',
  from: { name: 'Ada Author', address: 'git@example.org' },
  to: ['list@example.org'],
  replyTo: [{ name: 'Author, Ada', address: 'ada@example.org' }],
  subject: '[2/4] mesos git commit: Say "no" to tabs.',
  date: Date.UTC(2026, 10, 5, 1, 2, 3),
  headers: [
    ['X-Git-Repo', 'mesos'],
    ['List-Id', 'Commits <commits.example.org>'],
  ],
  text: 'Repository: mesos\n\n-- \n.\nfrom here on\n',
};

/** Its header, but for the transfer encoding. */
export const HEADER = `From: Ada Author <git@example.org>
To: list@example.org
Reply-To: "Author, Ada" <ada@example.org>
Subject: [2/4] mesos git commit: Say "no" to tabs.
Date: Thu, 05 Nov 2026 01:02:03 +0000
Message-ID: <2.push@example.org>
In-Reply-To: <1.push@example.org>
References: <1.push@example.org>
X-Git-Repo: mesos
List-Id: Commits <commits.example.org>
MIME-Version: 1.0
Content-Type: text/plain; charset=utf-8
`;

/** RFC 5322 2.1.1 and 2.2: lines of at most 998 octets, a header of ASCII, no line in it of blanks alone; and none that a mailbox file would change. */
export function assertLegal(bytes: Buffer): void {
  const [header = '', ...body] = bytes.toString('latin1').split('\n\n');
  assert.match(header, /^[\n\x20-\x7e]+$/);
  assert.doesNotMatch(header, /^\s*$/m);
  assert.doesNotMatch(bytes.toString('latin1'), /^>*From /m);
  for (const line of [...header.split('\n'), ...body.join('\n\n').split('\n')])
    assert.ok(line.length <= 998, line);
}
