import type { Cases } from './case.ts';
import type { Scene } from './scene.ts';

const MAIN = 'refs/heads/main';
const DOCS = ['docs.to=docs@example.org', 'docs.paths=docs/ *.md'];

/** Four commits, two of which change documents, and an annotated tag on the last one. */
function release({ commit, tag, stands, moves }: Scene): void {
  stands(MAIN, commit('Start the project', { README: 'A project.\n' }));
  commit('Say hello', { 'src/hello.c': 'int main(void)\n{\n\tputs("hello");\n}\n' });
  commit('Say how\n\nReviewed-by: Rev Viewer <rev@example.org>\nReviewed-by: Spy <spy@elsewhere.test>\n', {
    'docs/hello.md': '# Hello\n',
  });
  const last = commit('Return zero', {
    'src/hello.c': 'int main(void)\n{\n\tputs("hello");\n\treturn 0;\n}\n',
    'NEWS.md': 'It returns.\n',
  });
  moves(MAIN, last);
  moves('refs/tags/v1.0', tag('v1.0', last, 'Version 1.0\n'));
}

/** One push, heard by several audiences. */
export const audienceCases: Cases = {
  'audiences-tags: tags go to those who announce them, and no history': scene => {
    release(scene);
    scene.settings('announce.to=announce@example.org', 'announce.kinds=tag');
  },

  'audiences-paths: documents go to their readers too, numbered for themselves, without diffs': scene => {
    release(scene);
    scene.settings(...DOCS, 'docs.oversize=stat', 'docs.maxSize=4000', 'docs.listId=docs.example.org');
  },

  'audiences-instead: what goes to the readers of documents does not go to the list': scene => {
    release(scene);
    scene.settings(...DOCS, 'docs.instead=true');
  },

  'audiences-several: who is in two audiences gets each commit once': scene => {
    release(scene);
    scene.settings(...DOCS, 'docs.to=both@example.org', 'to=both@example.org');
  },

  'audiences-digest: one who wants one mail for a push': scene => {
    release(scene);
    scene.settings('daily.to=ann@example.org', 'daily.kinds=digest');
  },

  'audiences-people: authors and reviewers get copies where they may': scene => {
    release(scene);
    scene.settings('cc=author trailer:Reviewed-by', 'bcc=archive@example.org', 'personDomains=example.org');
  },

  'audiences-people-alone: mails for those whom a commit names': scene => {
    release(scene);
    scene.settings('reviewers.cc=trailer:Reviewed-by', 'personDomains=example.org');
  },
};
