import { address, mailbox } from '../../src/config/addresses.ts';
import {
  domains,
  group,
  kinds,
  peopleFiles,
  peopleList,
  recipients,
  revisionSources,
} from '../../src/config/people.ts';
import { testReadings } from './readings.ts';

const words = (...addresses: string[]) => addresses.map(address => ({ address }));

testReadings({
  address: {
    type: address,
    good: [
      ['bounces@example.org', 'bounces@example.org'],
      ['bounces@jõgeva.ee', 'bounces@xn--jgeva-dua.ee'],
    ],
    bad: [
      ['jürgen@example.org', /only some servers take: use an address in ASCII/],
      ['a@example.org b@example.org', /not one plain address/],
      ['A <a@example.org>', /not one plain address/],
      ['<>', /not one plain address/],
    ],
  },
  mailbox: {
    type: mailbox,
    good: [
      ['a@example.org', 'a@example.org'],
      ['Ada Author <a@example.org>', 'Ada Author <a@example.org>'],
      ['"Author, Ada" <a@example.org>', '"Author, Ada" <a@example.org>'],
      ['Author, Ada <a@example.org>', '"Author, Ada" <a@example.org>'],
    ],
    bad: [
      ['Jürgen <jürgen@example.org>', /only some servers take: use an address in ASCII/],
      ['Ada Author', /neither an address nor/],
      ['Ada <a@example.org', /neither an address nor/],
      ['a@example.org, b@example.org', /neither an address nor/],
      ['a@example.org, B <b@example.org>', /neither an address nor/],
      ['a@example.org\nBcc: b@example.org', /neither an address nor/],
    ],
  },
  addresses: {
    type: recipients,
    good: [
      ['a@example.org', words('a@example.org')],
      ['a@example.org,b@example.org', words('a@example.org', 'b@example.org')],
      ['a@example.org , b@example.org,', words('a@example.org', 'b@example.org')],
      [
        'a@example.org b@example.org\tc@example.org',
        words('a@example.org', 'b@example.org', 'c@example.org'),
      ],
      [
        'a@example.org\n  b@example.org\r\nc@example.org',
        words('a@example.org', 'b@example.org', 'c@example.org'),
      ],
      ['Dev List <dev@example.org>, b@example.org', words('dev@example.org', 'b@example.org')],
      ['<a@example.org>\n<b@example.org>', words('a@example.org', 'b@example.org')],
    ],
    bad: [
      ['nobody', /"nobody".*not an address/],
      ['a@example.org; b@example.org', /"a@example\.org;"/],
      ['a@example.org <b@example.org>', /not an address/],
      ['A <a@example.org> B <b@example.org>', /not an address/],
      [',', /no address/],
      ['a@example.org\u0000', /not an address/],
    ],
  },
  'addresses and people': {
    type: peopleList,
    good: [
      [
        'author, pusher trailer:Reviewed-by',
        [{ person: 'author' }, { person: 'pusher' }, { person: 'trailer:Reviewed-by' }],
      ],
      ['group:core a@example.org', [{ group: 'core' }, { address: 'a@example.org' }]],
    ],
    bad: [
      ['Author', /"Author".*not an address or person/],
      ['trailer:', /"trailer:"/],
      ['trailer:A b', /"b"/],
      ['group:a:b', /"group:a:b"/],
    ],
  },
  'trailers and notes': {
    type: revisionSources,
    good: [['trailer:git-svn-id, notes:refs/notes/hg', ['trailer:git-svn-id', 'notes:refs/notes/hg']]],
    bad: [
      ['git-svn-id', /neither trailer:NAME nor notes:REF/],
      ['trailer:', /"trailer:"/],
      ['notes:hg', /"notes:hg"/],
      ['notes:refs/heads/main', /notes/],
      ['notes:refs/notes/../x', /notes/],
      ['notes:refs/notes/', /notes/],
    ],
  },
  group: {
    type: group,
    good: [
      [
        'core: a@example.org b@example.org',
        [{ name: 'core', addresses: ['a@example.org', 'b@example.org'] }],
      ],
      ['@example/core:a@example.org', [{ name: '@example/core', addresses: ['a@example.org'] }]],
    ],
    bad: [
      ['core', /not of the form NAME: address address/],
      ['core: nobody', /"nobody".*not an address/],
      ['core:', /no address/],
    ],
  },
  kinds: {
    type: kinds,
    good: [['tag, Deleted', ['tag', 'deleted']]],
    bad: [['tags', /"tags" in it, which is none of commit/]],
  },
  domains: {
    type: domains,
    good: [['Example.org *.example.net', ['example.org', '*.example.net']]],
    bad: [
      ['@example.org', /"@example.org".*no domain/],
      ['*', /no domain/],
      ['*example.org', /no domain/],
    ],
  },
  'people files': {
    type: peopleFiles,
    good: [['.github/CODEOWNERS MAINTAINERS', ['.github/CODEOWNERS', 'MAINTAINERS']]],
    bad: [
      ['/CODEOWNERS', /from the root/],
      ['owners.txt', /no path of a file CODEOWNERS/],
    ],
  },
});
