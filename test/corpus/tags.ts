import { type Cases, shortHistory } from './case.ts';
import type { Scene } from './scene.ts';

const MAIN = 'refs/heads/main';

/** No key made them: they stand where a signature stands. */
const PGP_SIGNATURE = `-----BEGIN PGP SIGNATURE-----

iHUEABYKAB0WIQRmYWtlc2lnbmF0dXJlZmFrZXNpZ25hdHVyZQAKCRA=
=fake
-----END PGP SIGNATURE-----
`;
const SSH_SIGNATURE = `-----BEGIN SSH SIGNATURE-----
U1NIU0lHZmFrZXNpZ25hdHVyZWZha2VzaWduYXR1cmVmYWtlc2lnbmF0dXJl
-----END SSH SIGNATURE-----
`;

/** Carl's own, of tag v1.0 below, and one of tag v1.1 by a key that nobody knows: real ones. */
const CARLS_SIGNATURE = `-----BEGIN SSH SIGNATURE-----
U1NIU0lHAAAAAQAAADMAAAALc3NoLWVkMjU1MTkAAAAgqgAvA9wmOIPyxkDV1+ds9VN+S4
aw7UVkOdj3ttQIsbsAAAADZ2l0AAAAAAAAAAZzaGE1MTIAAABTAAAAC3NzaC1lZDI1NTE5
AAAAQGnp1IHCI4wrMLfunN5YqjeePgcPq8jBcp/9JdSHl1QUYd86YqpXqVX2VZJFh+7eer
/OVLDrMJi2eoa+SwHc+g4=
-----END SSH SIGNATURE-----
`;
const STRANGE_SIGNATURE = `-----BEGIN SSH SIGNATURE-----
U1NIU0lHAAAAAQAAADMAAAALc3NoLWVkMjU1MTkAAAAgVYn0HKPXy0Dso89/6CDA+EuIrA
CpBR5EyZVRwgF95OMAAAADZ2l0AAAAAAAAAAZzaGE1MTIAAABTAAAAC3NzaC1lZDI1NTE5
AAAAQG1aan1mbs3rDdweh+lUn+nPKwhUrokvrYONatwdmIPE+Y/kRH6zHHMNpZox0MfNzL
RJMR0DtyA+LwvsmdBcSgw=
-----END SSH SIGNATURE-----
`;
const CARLS_KEY = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIKoALwPcJjiD8sZA1dfnbPVTfkuGsO1FZDnY97bUCLG7';
const CONFIG = '[core]\n\tbare = true\n[gpg "ssh"]\n\tallowedSignersFile = allowed-signers\n';

/** A project whose main branch stands. */
function project(scene: Scene): [string, string, string] {
  const ids = shortHistory(scene);
  scene.stands(MAIN, ids[2]);
  return ids;
}

/** What can happen to tags. */
export const tagCases: Cases = {
  'tag-lightweight: of a known commit': scene => {
    const [, two] = project(scene);
    scene.moves('refs/tags/good', two);
  },

  'tag-lightweight-with-commits: brings commits that no branch has': scene => {
    const [, , three] = project(scene);
    scene.commit('Prepare the release', { VERSION: '1.0\n' }, { parents: [three] });
    scene.moves('refs/tags/v1.0', scene.commit('Release 1.0', { CHANGES: 'First release.\n' }));
  },

  'tag-annotated: the first tag of a project': scene => {
    const [, , three] = project(scene);
    scene.moves('refs/tags/v1.0', scene.tag('v1.0', three, 'Version 1.0\n\nThe first one.\n'));
  },

  'tag-annotated-after-another: tells what came since the tag before, by author': scene => {
    const [one, two] = project(scene);
    scene.stands('refs/tags/v1.0', scene.tag('v1.0', one, 'Version 1.0\n'));
    const bob = { author: 'Bob Builder <bob@example.org>' };
    scene.commit('Build a house', { house: 'walls\n' }, { parents: [two], ...bob });
    scene.commit('Put a roof on the house', { house: 'walls\nroof\n' }, bob);
    const tip = scene.commit('Move in', { house: 'walls\nroof\npeople\n' });
    scene.stands('refs/heads/house', tip);
    scene.moves('refs/tags/v1.1', scene.tag('v1.1', tip, 'Version 1.1\n'));
  },

  'tag-annotated-with-commits: brings commits that no branch has': scene => {
    const [, , three] = project(scene);
    const tip = scene.commit('Release 1.0', { VERSION: '1.0\n' }, { parents: [three] });
    scene.moves('refs/tags/v1.0', scene.tag('v1.0', tip, 'Version 1.0\n'));
  },

  'tag-signed-with-pgp: the signature is not shown, but that there is one': scene => {
    const [, , three] = project(scene);
    scene.moves('refs/tags/v1.0', scene.tag('v1.0', three, `Version 1.0\n${PGP_SIGNATURE}`));
  },

  'tag-signed-with-ssh: in the other form of signatures': scene => {
    const [, , three] = project(scene);
    scene.moves('refs/tags/v1.0', scene.tag('v1.0', three, `Version 1.0\n${SSH_SIGNATURE}`));
  },

  'tag-signed-and-checked: good, by a key that nobody knows, of another text, not to be checked, not signed':
    scene => {
      scene.file('config', CONFIG);
      scene.file('allowed-signers', `carl@example.org ${CARLS_KEY}\n`);
      const [, , three] = project(scene);
      const tags = [
        ['v1.0', CARLS_SIGNATURE],
        ['v1.1', STRANGE_SIGNATURE],
        ['v1.2', CARLS_SIGNATURE],
        ['v1.3', PGP_SIGNATURE],
        ['v1.4', ''],
      ] as const;
      for (const [name, signature] of tags) {
        scene.moves(`refs/tags/${name}`, scene.tag(name, three, `Version ${name.slice(1)}\n${signature}`));
      }
    },

  'tag-of-a-tag: leads to the commit all the same': scene => {
    const [, , three] = project(scene);
    const inner = scene.tag('v1.0', three, 'Version 1.0\n');
    scene.stands('refs/tags/v1.0', inner);
    scene.moves('refs/tags/stable', scene.tag('stable', inner, 'What we call stable.\n', { type: 'tag' }));
  },

  'tag-of-a-tree: brings no commit': scene => {
    project(scene);
    const tree = scene.object('tree', '');
    scene.moves('refs/tags/empty', scene.tag('empty', tree, 'The tree without files.\n', { type: 'tree' }));
    scene.moves('refs/tags/empty-lightweight', tree);
  },

  'tag-of-a-blob: brings no commit': scene => {
    project(scene);
    const blob = scene.object('blob', 'A public key.\n');
    scene.moves('refs/tags/key', scene.tag('key', blob, 'The key of the maintainer.\n', { type: 'blob' }));
    scene.moves('refs/tags/key-lightweight', blob);
  },

  'tag-without-tagger: as git made them in its first year': scene => {
    const [, , three] = project(scene);
    scene.moves('refs/tags/v0.99', scene.tag('v0.99', three, 'Test-release.\n', { tagger: undefined }));
  },

  'tag-without-message: says nothing but where it is': scene => {
    const [, , three] = project(scene);
    scene.moves('refs/tags/mute', scene.tag('mute', three, ''));
  },

  'tag-moved-forward: an annotated one to a later commit': scene => {
    const [, two, three] = project(scene);
    scene.stands('refs/tags/latest', scene.tag('latest', two, 'The latest.\n'));
    scene.moves('refs/tags/latest', scene.tag('latest', three, 'The latest.\n'));
  },

  'tag-moved-back: a lightweight one to an earlier commit': scene => {
    const [one, , three] = project(scene);
    scene.stands('refs/tags/good', three);
    scene.moves('refs/tags/good', one);
  },

  'tag-made-anew: the same commit, another tag object': scene => {
    const [, , three] = project(scene);
    scene.stands('refs/tags/v1.0', scene.tag('v1.0', three, 'Version 0.1\n'));
    scene.moves('refs/tags/v1.0', scene.tag('v1.0', three, 'Version 1.0\n'));
  },

  'tag-deleted: an annotated and a lightweight one': scene => {
    const [one, , three] = project(scene);
    scene.stands('refs/tags/v1.0', scene.tag('v1.0', three, 'Version 1.0\n'));
    scene.stands('refs/tags/good', one);
    scene.moves('refs/tags/v1.0', null);
    scene.moves('refs/tags/good', null);
  },

  'tag-deleted-with-its-commits: nothing reaches them any more': scene => {
    const [, , three] = project(scene);
    const tip = scene.commit('Try something', { idea: 'Bad.\n' }, { parents: [three] });
    scene.stands('refs/tags/idea', scene.tag('idea', tip, 'An idea.\n'));
    scene.moves('refs/tags/idea', null);
  },
};
