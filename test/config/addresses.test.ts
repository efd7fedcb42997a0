import { address, addresses, mailbox } from '../../src/config/addresses.ts';
import { testReadings } from './readings.ts';

testReadings({
  address: {
    type: address,
    good: [['bounces@example.org', 'bounces@example.org']],
    bad: [
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
      ['Ada Author', /neither an address nor/],
      ['Ada <a@example.org', /neither an address nor/],
      ['a@example.org, b@example.org', /neither an address nor/],
      ['a@example.org, B <b@example.org>', /neither an address nor/],
      ['a@example.org\nBcc: b@example.org', /neither an address nor/],
    ],
  },
  addresses: {
    type: addresses,
    good: [
      ['a@example.org', ['a@example.org']],
      ['a@example.org,b@example.org', ['a@example.org', 'b@example.org']],
      ['a@example.org , b@example.org,', ['a@example.org', 'b@example.org']],
      ['a@example.org b@example.org\tc@example.org', ['a@example.org', 'b@example.org', 'c@example.org']],
      [
        'a@example.org\n  b@example.org\r\nc@example.org',
        ['a@example.org', 'b@example.org', 'c@example.org'],
      ],
      ['Dev List <dev@example.org>, b@example.org', ['dev@example.org', 'b@example.org']],
      ['<a@example.org>\n<b@example.org>', ['a@example.org', 'b@example.org']],
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
});
