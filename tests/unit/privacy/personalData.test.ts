import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { personalDataKinds } from '../../../src/contracts/personalData.ts';
import { isCardNumber, isIban } from '../../../src/privacy/checkDigits.ts';
import { findPersonalData } from '../../../src/privacy/findPersonalData.ts';
import { redact, redactText } from '../../../src/privacy/redact.ts';

const all = (text: string): string => redactText(text, personalDataKinds);

describe('personal data', () => {
  it.each([
    ['Write to jane.doe+news@mail.example.co.uk today.', 'Write to [email] today.'],
    ['jane@example.org, joe@example.org', '[email], [email]'],
    ['IBAN DE89 3704 0044 0532 0130 00 at our bank', 'IBAN [iban] at our bank'],
    ['pay GB82WEST12345698765432 now', 'pay [iban] now'],
    ['Visa 4111 1111 1111 1111, Amex 3782 822463 10005.', 'Visa [card], Amex [card].'],
    ['card 5555555555554444 expired', 'card [card] expired'],
    ['SSN 123-45-6789 on file', 'SSN [ssn] on file'],
    ['Call +49 30 901820 or +1 (212) 555-0187.', 'Call [phone] or [phone].'],
    ['call 212-555-0187 or (212) 555-0187', 'call [phone] or [phone]'],
    ['Tel.: 030 901820, Fax 030/901821', 'Tel.: [phone], Fax [phone]'],
    ['Date of birth: 1980-02-29', 'Date of birth: [field]'],
    ['password=hunter2; user=jane', 'password=[field]; user=jane'],
    ['"ssn": "123456789", "age": 40', '"ssn": "[field]", "age": 40'],
    ['| Passport number | X1234567 |', '| Passport number | [field] |'],
  ])('%s', (text, redacted) => {
    expect(all(text)).toBe(redacted);
  });

  it.each([
    'DE00 3704 0044 0532 0130 00', '4111 1111 1111 1112', '1234 5678 9012 3456', '000-12-3456 is none', '666-12-3456', '2026-11-29T12:26:12.123Z', '0198c0de-0000-7000-8000-000000000000', '1732882000000', 'ISBN 978-3-16-148410-0', 'doi 10.1016/j.cell.2019.01.001',
    'p < 0.05, +1.5 to +3.2 mg', '192.168.100.200', 'E11.9 and 1234-5678', 'version 10.12.13.14', 'a@b', '@handle', 'The password must be long.', 'pinned: yes', '1990-1995, 200-300 mg', '12,345,678.90', 'sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
  ])('is not: %s', (text) => {
    expect(all(text)).toBe(text);
  });

  it('is what is asked for alone', () => {
    expect(redactText('jane@example.org 123-45-6789', ['ssn'])).toBe('jane@example.org [ssn]');
    expect(redactText('jane@example.org', [])).toBe('jane@example.org');
  });

  it('has check digits', () => {
    expect(['GB82 WEST 1234 5698 7654 32', 'FR1420041010050500013M02606', 'NO9386011117947'].map(isIban)).toEqual([true, true, true]);
    expect(['4012888888881881', '6011111111111117', '30569309025904', '3530111333300000'].map(isCardNumber)).toEqual([true, true, true, true]);
    expect(isCardNumber('79927398713')).toBe(false);
  });
});

describe('a redacted text', () => {
  it('holds nothing more to redact, and keeps the places of the rest', () => {
    const piece = fc.oneof(fc.constantFrom('jane@example.org', '4111 1111 1111 1111', 'DE89 3704 0044 0532 0130 00', '123-45-6789', '+49 30 901820'), fc.lorem({ maxCount: 4 }));
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        const text = pieces.join('; ');
        const redacted = redact(text, personalDataKinds);
        if (redacted === undefined) return;
        expect(findPersonalData(redacted.text, personalDataKinds)).toEqual([]);
        let at = 0;
        for (const each of pieces) {
          const [start, end] = [redacted.moved(at), redacted.moved(at + each.length)];
          expect(redacted.text.slice(start, end)).toBe(/\d|@/.test(each) ? redactText(each, personalDataKinds) : each);
          at += each.length + 2;
        }
      }),
    );
  });

  it.each(['a', '1', '1 ', '1-', '+1 ', '@', 'a@', 'a.', 'A1', 'AB12', 'tel ', 'pin', 'pin:', '(123) '])('takes time in proportion to a text of %j', (unit) => {
    const of = (length: number): number => {
      const text = unit.repeat(Math.ceil(length / unit.length));
      const started = performance.now();
      all(text);
      return performance.now() - started;
    };
    of(20_000);
    expect(of(400_000)).toBeLessThan(Math.max(of(100_000) * 12, 1_000));
  }, 30_000);
});
