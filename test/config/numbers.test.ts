import { count, days, duration, size } from '../../src/config/value-type.ts';
import { testReadings } from './readings.ts';

testReadings({
  count: {
    type: count('1', '1000000'),
    good: [
      ['1', 1],
      ['50', 50],
      ['007', 7],
      ['2k', 2048],
      ['1000000', 1_000_000],
    ],
    bad: [
      ['0', /less than 1/],
      ['-5', /not a whole number/],
      ['5.5', /not a whole number/],
      ['1e3', /not a whole number/],
      ['0x10', /not a whole number/],
      ['many', /not a whole number/],
      ['5 0', /not a whole number/],
      ['1g', /more than 1000000/],
      ['9'.repeat(400), /more than 1000000/],
      ['٥', /not a whole number/],
    ],
  },
  size: {
    type: size('1000', '1g'),
    good: [
      ['90000', 90_000],
      ['64k', 65_536],
      ['64K', 65_536],
      ['2m', 2_097_152],
      ['1g', 1_073_741_824],
    ],
    bad: [
      ['999', /less than 1000/],
      ['2g', /more than 1g/],
      ['64kb', /not a number of bytes/],
      ['big', /not a number of bytes/],
      ['-1k', /not a number of bytes/],
    ],
  },
  days: {
    type: days('0', '36500'),
    good: [
      ['0', 0],
      ['14', 14],
      ['14d', 14],
    ],
    bad: [
      ['2h', /number of days/],
      ['-1', /number of days/],
      ['99999', /more than 36500/],
    ],
  },
  duration: {
    type: duration('1s', '30d'),
    good: [
      ['90', 90_000],
      ['90s', 90_000],
      ['5m', 300_000],
      ['4h', 14_400_000],
      ['5D', 432_000_000],
    ],
    bad: [
      ['0', /less than 1s/],
      ['31d', /more than 30d/],
      ['1w', /followed by s, m, h or d/],
      ['1.5h', /followed by s, m, h or d/],
      ['soon', /followed by s, m, h or d/],
      ['m', /followed by s, m, h or d/],
      ['-5m', /followed by s, m, h or d/],
    ],
  },
});
