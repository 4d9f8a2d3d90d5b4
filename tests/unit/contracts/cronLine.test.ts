import { describe, expect, it } from 'vitest';
import { readCronLine } from '../../../src/contracts/cronLine.ts';

/** That it means the same to Temporal is proven in tests/contract/api/schedules.test.ts. */
describe('a cron line', () => {
  it('is read into the times at which it fits', () => {
    expect(readCronLine('*/20 6-8/2,22 1 feb,11-12 sun-tue')).toEqual({ minutes: [0, 20, 40], hours: [6, 8, 22], days: [1], months: [2, 11, 12], weekdays: [0, 1, 2] });
    expect(readCronLine('50/5 0 * * 0,7')).toMatchObject({ minutes: [50, 55], weekdays: [0] });
    expect(readCronLine('@weekly')).toMatchObject({ minutes: [0], hours: [0], weekdays: [0] });
  });

  it.each([
    ['61 * * * *', 'The minute "61" is not within 0 to 59'],
    ['0 0 1,x * *', 'The day of the month "x" is not within 1 to 31'],
    ['0 0 * smarch *', 'The month "smarch" is not within 1 to 12, nor a name'],
    ['0 0 * * sat-sun', 'The day of the week "sat-sun" ends before it begins'],
    ['*/0 * * * *', 'The minute "*/0" is none of a value, a range, "*", each with "/STEP" or without'],
    ['0 0 31 4,6 *', 'It would never run: none of its months has such a day'],
    ['@every 5m', 'Give "everySeconds" instead of "@every"'],
  ])('%j is told what is wrong with it', (line, objection) => {
    expect(readCronLine(line)).toBe(objection);
  });

  it.each(['', '* * * *', '* * * * * *', '@often', 'TZ=UTC 0 3 * * *'])('%j has not the form of one', (line) => {
    expect(readCronLine(line)).toMatch(/five fields/);
  });
});
