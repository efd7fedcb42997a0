import { createHash } from 'node:crypto';
import type { CommitContent } from '../model/content.ts';
import type { Mail } from '../model/mail.ts';
import type { Push, RefChange } from '../model/push.ts';
import type { PushPlan } from '../model/push-plan.ts';
import { fixedSender } from './people.ts';
import { renderNotice } from './render-notice.ts';
import type { RenderContext } from './templates.ts';
import { visibleLine } from './visible.ts';

/** The field by which readers and filters know a test mail. */
const TEST_FIELD = 'X-Refpost-Test';

const SUBJECT = 'Test mail: nothing has changed';
const PATH = Buffer.from('test-mail.txt');

/** A mail of the shape that commit mails have, by the same templates and settings, about a commit that there is not; and what it was made of. Pure. */
export function testMail(push: Push, context: RenderContext) {
  const content = testContent(push, context);
  const { notice } = content;
  const told = new Set([notice.commit]);
  const plan: PushPlan = { push, changes: [notice.change], notices: [notice], told, leftOut: new Map() };
  const position = { number: 1, total: 1 };
  const mail = renderNotice(plan, content, position, context);
  return {
    ...{ plan, content, position },
    mail: { ...mail, headers: [...mail.headers, [TEST_FIELD, push.id]] } as Mail,
  };
}

function testContent(push: Push, context: RenderContext): CommitContent {
  const { repositoryName, host } = context;
  const id = (of: string) => createHash('sha1').update(`${push.id} ${of}`).digest('hex');
  const change: RefChange = {
    ref: 'refs/heads/test-mail',
    old: id('old'),
    new: id('new'),
    kind: 'branch',
    move: 'updated',
    annotated: false,
  };
  const date = new Date(push.time).toUTCString().replace('GMT', '+0000');
  // Answers go to the author: to whoever sends the mails.
  const author = { name: 'refpost', email: fixedSender(context).address, date };
  const words = [
    SUBJECT,
    '',
    `Somebody on ${host} wants to see whether mails about ${visibleLine(repositoryName)} arrive,`,
    'with "refpost test-mail". There is no such commit: please ignore this mail.',
  ];
  const diff = [
    'diff --git a/test-mail.txt b/test-mail.txt',
    `index ${change.old.slice(0, 7)}..${change.new.slice(0, 7)} 100644`,
    '--- a/test-mail.txt',
    '+++ b/test-mail.txt',
    '@@ -1 +1 @@',
    '-A line as it is in any diff.',
    '+A line as it is in any diff, and after it one more word.',
    '',
  ];
  const stat = ' test-mail.txt | 2 +-\n 1 file changed, 1 insertion(+), 1 deletion(-)\n';
  return {
    notice: { kind: 'commit', commit: change.new, change },
    commit: {
      id: change.new,
      parents: [change.old],
      tree: change.new,
      author,
      committer: author,
      subject: SUBJECT,
      message: words.join('\n'),
      stat: Buffer.from(stat),
      files: [{ path: PATH, text: Buffer.from(diff.join('\n')) }],
    },
  };
}
