import { describe, expect, test } from 'vitest';
import { icd10 } from '../../../../src/contracts/codes/icd10.ts';
import { icd11 } from '../../../../src/contracts/codes/icd11.ts';

describe('ICD-10', () => {
  test.each([['E11', 'E11'], ['e11.9', 'E11.9'], [' E119 ', 'E11.9'], ['E11.-', 'E11'], ['E11.9-', 'E11.9'], ['s72001a', 'S72.001A'], ['C7A.00', 'C7A.00'], ['E11.', 'E11']])('%j is %j', (text, expected) => {
    expect(icd10.canonical(text)).toBe(expected);
  });

  test.each(['', 'E', 'E1', 'E1.1', '11', 'E11.99999', 'E11..9', 'diabetes', 'E11 I10', '5A11', 'ß11', 'E1١'])('%j is none', (text) => {
    expect(icd10.canonical(text)).toBeUndefined();
  });

  test('broader codes, the nearest first', () => {
    expect(icd10.ancestors('S72.001A')).toEqual(['S72.001', 'S72.00', 'S72.0', 'S72']);
    expect(icd10.ancestors('E11.9')).toEqual(['E11']);
    expect(icd10.ancestors('E11')).toEqual([]);
  });

  test('a filter names a code or a range of categories', () => {
    expect(icd10.wanted('e11.-')).toEqual(['E11']);
    expect(icd10.wanted('E10–E12')?.filter((code) => /\d$/.test(code))).toEqual(['E10', 'E11', 'E12']);
    expect(icd10.wanted('C76-C80')).toContain('C7A');
    const external = icd10.wanted('V01-Y98') ?? [];
    for (const code of ['V01', 'W99', 'X00', 'Y98']) expect(external).toContain(code);
    for (const code of ['V00', 'Y99', 'U99', 'Z00']) expect(external).not.toContain(code);
    for (const text of ['E14-E10', 'A00-Z99', 'E11.0-E11.9', 'E10-']) expect(icd10.wanted(text) ?? [], text).toHaveLength(text === 'E10-' ? 1 : 0);
  });
});

describe('ICD-11', () => {
  test.each([['5a11', '5A11'], ['6A70.0', '6A70.0'], ['8A40.0Z', '8A40.0Z'], ['XS25', 'XS25'], ['BD10', 'BD10'], ['2C6Z', '2C6Z']])('%j is %j', (text, expected) => {
    expect(icd11.canonical(text)).toBe(expected);
  });

  test.each(['', '5A1', 'E11', 'E11.9', '5O11', '0A11', '5A11.', '5A11.000', 'XABC', '5A11&XS25'])('%j is none', (text) => {
    expect(icd11.canonical(text)).toBeUndefined();
  });

  test('broader codes, and ranges within two characters', () => {
    expect(icd11.ancestors('8A40.0Z')).toEqual(['8A40.0', '8A40']);
    expect(icd11.ancestors('5A11')).toEqual([]);
    expect(icd11.ancestors('XS25')).toEqual([]);
    expect(icd11.wanted('5A10-5A2Z')).toEqual(expect.arrayContaining(['5A10', '5A11', '5A1Z', '5A20', '5A2Z']));
    expect(icd11.wanted('5A10-5A12')).toEqual(['5A10', '5A11', '5A12']);
    expect(icd11.wanted('5A10-5B10')).toBeUndefined();
    expect(icd11.wanted('5A12-5A10')).toBeUndefined();
  });
});
