import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isAddress, keysOf, readAddress } from '../../src/poll/remote-address.ts';

test('an address has a key, a folder and a form for people', () => {
  const cases = [
    ['https://git.example.org/team/mig.git', 'git.example.org/team/mig', 'git.example.org/team/mig.git'],
    ['https://Git.Example.org:8443/Team/mig', 'git.example.org/team/mig', 'git.example.org/Team/mig.git'],
    ['ssh://git@git.example.org:2222/~ada/mig', 'git.example.org/~ada/mig', 'git.example.org/~ada/mig.git'],
    ['git@git.example.org:team/mig.git', 'git.example.org/team/mig', 'git.example.org/team/mig.git'],
    ['git://git.example.org/mig', 'git.example.org/mig', 'git.example.org/mig.git'],
    ['file:///srv/git/mig.git', 'file/srv/git/mig', 'file/srv/git/mig.git'],
    ['https://git.example.org/a%20b', 'git.example.org/a%20b', undefined],
    ['https://git.example.org/../../etc', 'git.example.org/../../etc', undefined],
    ['https://git.example.org/.git/hooks', 'git.example.org/.git/hooks', undefined],
  ] as const;
  for (const [text, key, folder] of cases) {
    const read = readAddress(text);
    assert.ok('key' in read, text);
    assert.deepEqual([read.key, read.folder, read.url], [key, folder, text]);
    assert.ok(isAddress(text));
  }
});

test('a new mirror gets the name of its repository, and where its pages should be', () => {
  const cases = [
    ['https://git.example.org:8443/team/mig.git', 'team/mig', 'https://git.example.org:8443/team/mig'],
    ['git@git.example.org:team/mig.git', 'team/mig', 'https://git.example.org/team/mig'],
    ['file:///srv/git/mig.git', 'srv/git/mig', undefined],
  ] as const;
  for (const [text, name, web] of cases) {
    const read = readAddress(text);
    assert.deepEqual('name' in read && [read.name, read.web], [name, web]);
  }
});

test('what git would take for an option or a program is no address', () => {
  const cases = [
    ['--upload-pack=touch /tmp/x', 'starts like an option'],
    ['ext::sh -c true', 'has a blank or a control character in it'],
    ['ext::true', 'names a program to run, and no server'],
    ['fd::17', 'names a program to run, and no server'],
    ['ssh://-oProxyCommand=true/x', 'has a name in it that starts like an option'],
    ['ssh://-oProxyCommand=true@host/x', 'has a name in it that starts like an option'],
    ['host:-x', 'has a name in it that starts like an option'],
    ['rsync://host/x', 'has another protocol than https, http, ssh, git, file'],
    ['https://host', 'is not the address of a repository (https, http, ssh, git, file)'],
    ['https://ada:secret@host/x', 'has a password in it'],
    ['https://host/x\ny', 'has a blank or a control character in it'],
  ] as const;
  for (const [text, wrong] of cases) assert.deepEqual(readAddress(text), { wrong }, text);
});

test('a password or token in an address is shown to nobody', () => {
  const read = readAddress('https://ghp_token@git.example.org/mig');
  assert.equal('shown' in read && read.shown, 'https://git.example.org/mig');
});

test('addresses of one repository have one key, whatever else a host sends', () => {
  const sent = ['https://u:p@git.example.org/a/b.git', 'git@git.example.org:a/b', 'not one', 'ext::sh'];
  assert.deepEqual(keysOf(sent), ['git.example.org/a/b', 'git.example.org/a/b']);
});
