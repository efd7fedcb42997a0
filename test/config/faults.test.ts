import assert from 'node:assert/strict';
import { test } from 'node:test';
import { configError } from '../../src/config/config-fault.ts';
import { EX, OperatorError } from '../../src/errors.ts';
import type { Listed } from './listing.ts';
import { faults, read } from './reading.ts';

test('all faults are told at once, each with its key, value, place and remedy', () => {
  const reading = read(
    [
      { key: 'refpost.maxmails', value: 'many', scope: 'system', origin: 'file:/etc/gitconfig' },
      {
        key: 'refpost.mailinglist',
        value: 'a@example.org',
        scope: 'global',
        origin: 'file:/home/git/.gitconfig',
      },
      { key: 'refpost.to', value: 'a@example.org, nobody' },
      { key: 'refpost.to', value: 'no\u001b[2Jone' },
      { key: 'refpost.from' },
      { key: 'refpost.reponame', value: 'a\uFFFDb' },
    ],
    'refpost.maxSize=-1',
  );
  const error = configError(reading.faults);
  assert.ok(error instanceof OperatorError);
  assert.equal(error.exitCode, EX.CONFIG);
  assert.deepEqual(error.message.split('\n'), [
    '7 settings are wrong:',
    '  refpost.mailinglist (/home/git/.gitconfig, global): is not a setting; did you mean refpost.to?',
    '  refpost.to = "a@example.org, nobody" (config, local): has "nobody" in it, which is not an address; for example: commits@example.org',
    '  refpost.to = "no\\u{1b}[2Jone" (config, local): has "no\\u{1b}[2Jone" in it, which is not an address; for example: commits@example.org',
    '  refpost.from (config, local): has no value; for example: {author.name} via {repository} <commits@example.org>',
    '  refpost.repoName (config, local): has bytes in it that are not UTF-8; for example: mesos',
    '  refpost.maxMails = "many" (/etc/gitconfig, system): is not a whole number; for example: 50',
    '  refpost.maxSize = "-1" (command line): is not a number of bytes, or one with k, m or g; for example: 90000',
  ]);
});

test('an unknown key gets the nearest setting for an answer, if one is near', () => {
  const answers: Readonly<Record<string, RegExp>> = {
    'refpost.maxmail': /did you mean refpost\.maxMails\?/,
    'refpost.max-mails': /did you mean refpost\.maxMails\?/,
    'refpost.linkbaes': /did you mean refpost\.linkBase\?/,
    'refpost.template': /did you mean refpost\.templates\?/,
    'refpost.smtp.user': /did you mean refpost\.smtpUser\?/,
    'refpost.envelopesender': /did you mean refpost\.envelopeFrom\?/,
    'refpost.smtpserver': /did you mean refpost\.transport\?/,
    'refpost.too': /did you mean refpost\.to\?/,
    'refpost.xyzzy': /man refpost for all settings/,
    'refpost.Sub.Section.quux': /man refpost for all settings/,
    [`refpost.${'x'.repeat(100_000)}`]: /man refpost for all settings/,
  };
  for (const [key, answer] of Object.entries(answers)) {
    const told = faults([{ key, value: 'told to nobody' }]);
    assert.match(told, answer);
    assert.doesNotMatch(told, /told to nobody/);
    assert.ok(told.length < 300);
  }
});

test('a password in git config is refused, by whatever name, and never repeated', () => {
  const keys = ['smtppassword', 'smtppass', 'password', 'smtp.password', 'smtppwd', 'token'];
  for (const key of keys.map(name => `refpost.${name}`)) {
    const told = faults([{ key, value: 'hunter2' }]);
    assert.match(told, /do not put a password into git config; set refpost\.smtpPasswordFile/);
    assert.doesNotMatch(told, /hunter2/);
  }
});

test('a password in a transport, a link or a password setting is not repeated', () => {
  const told = faults([
    { key: 'refpost.transport', value: 'smtp://ada:hunter2@host' },
    { key: 'refpost.linkbase', value: 'https://ada:hunter2@host' },
    { key: 'refpost.smtppasswordfile', value: 'hunter2' },
    { key: 'refpost.smtppasswordcommand', value: 'echo hunter2\n' },
    { key: 'refpost.smtppasswordcommand', value: 'echo\nhunter2' },
  ]);
  assert.match(told, /^4 settings are wrong/);
  assert.doesNotMatch(told, /hunter2/);
});

test('an override names its setting in full', () => {
  assert.match(faults([], 'maxMails=5'), /maxmails \(command line\): .* did you mean refpost\.maxMails\?/);
  assert.match(faults([], 'core.bare=true'), /not the full key of a setting; it starts with refpost\./);
  assert.match(faults([], 'refpost.maxMials=5'), /did you mean refpost\.maxMails\?/);
});

test('a first wait longer than the longest is a contradiction, told where it was made', () => {
  assert.match(
    faults([{ key: 'refpost.retrywait', value: '5h' }]),
    /retryWait = "5h" \(config, local\): the first wait \(5h\) is longer than the longest \(4h\)/,
  );
  assert.match(
    faults([{ key: 'refpost.retrymaxwait', value: '1m' }]),
    /retryMaxWait = "1m" \(config, local\)/,
  );
});

test('settings that need each other, or take the place of each other, are told of', () => {
  const [domain, selector] = [
    { key: 'refpost.dkimdomain', value: 'example.org' },
    { key: 'refpost.dkimselector', value: 'a' },
  ];
  const [user, token, file] = [
    { key: 'refpost.smtpuser', value: 'ada' },
    { key: 'refpost.smtptokencommand', value: 'echo hunter2' },
    { key: 'refpost.smtppasswordfile', value: '/etc/hunter2' },
  ];
  const told: readonly (readonly [Listed[], RegExp])[] = [
    [
      [domain],
      /refpost\.dkimDomain .*: is of no use alone; set refpost\.dkimSelector and refpost\.dkimKeyFile too/,
    ],
    [[domain, selector], /refpost\.dkimDomain .*: is of no use alone; set refpost\.dkimKeyFile too/],
    [[selector], /refpost\.dkimSelector .*: is of no use alone; set refpost\.dkimDomain too/],
    [[token], /refpost\.smtpTokenCommand .*: is of no use alone; set refpost\.smtpUser too/],
    [
      [user, token, file],
      /refpost\.smtpPasswordFile .*: is set beside refpost\.smtpTokenCommand; remove one of the two/,
    ],
  ];
  for (const [entries, words] of told) {
    assert.match(faults(entries), words);
    assert.doesNotMatch(faults(entries), /hunter2/);
  }
  assert.deepEqual(read([user, token]).faults, []);
  assert.deepEqual(read([domain, selector, { key: 'refpost.dkimkeyfile', value: '/k' }]).faults, []);
});
