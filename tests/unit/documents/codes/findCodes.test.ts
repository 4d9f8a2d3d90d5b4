import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { codeSystemNames, codeSystems } from '../../../../src/contracts/codes/codeSystems.ts';
import { findCodes } from '../../../../src/documents/codes/codeReaders.ts';

const codesIn = (text: string): string[] => findCodes(text).map(({ system, code }) => (system === 'icd-10' ? code : `${system} ${code}`));

describe('codes that are found', () => {
  test.each<[string, string[]]>([
    ['The patient has E11.9 and I10.', ['E11.9', 'I10']],
    ['E11.9', ['E11.9']],
    ['See E11.9. Then rest.', ['E11.9']],
    ['E11.-, E10.3† with H36.0*, R65.2-', ['E11', 'E10.3', 'H36.0', 'R65.2']],
    ['S72.001A, T88.7XXA, Z3A.01, C7A.00, F01.A0', ['S72.001A', 'T88.7XXA', 'Z3A.01', 'C7A.00', 'F01.A0']],
    ['COVID-19 (U07.1)', ['U07.1']],
    ['ICD-10 E11.9, E10 and I10', ['E11.9', 'E10', 'I10']],
    ['ICD-10: E10-E14', ['E10', 'E11', 'E12', 'E13', 'E14']],
    ['ICD-10 chapter IX: I00–I99', ['I00', 'I99']],
    ['Coded with ICD-10-CM as E1165 or S72001A', ['E11.65', 'S72.001A']],
    ['ICD code E11', ['E11']],
    ['E11 (ICD-10)', ['E11']],
    ['Dx: E11', ['E11']],
    ['Diagnosis code I10', ['I10']],
    ['Hauptdiagnose: E11.90 G', ['E11.90']],
    ['Nebendiagnosen: I10, N18', ['I10', 'N18']],
    ['Diagnóstico: J45', ['J45']],
    ['CIM-10 : F20', ['F20']],
    ['CIE-10: J45', ['J45']],
    ['CID-10 J45', ['J45']],
    ['МКБ-10: J45', ['J45']],
    ['MKN-10 J45', ['J45']],
    ['診断: J45', ['J45']],
    ['We use ICD-10 throughout this guide.\n\nType 2 diabetes (E11) is treated with diet.', ['E11']],
    ['We use ICD-10 throughout this guide.\n\nHypertension is given the code I10 by all.', ['I10']],
    ['Codes of ICD-10\n\n| Code | Disease |\n| --- | --- |\n| E11 | Type 2 diabetes |\n| I10 | Hypertension |', ['E11', 'I10']],
    ['ICD-10 list of the ward, as it was agreed on by all of its physicians in March:\n\nE11 Type 2 diabetes\nI10: Hypertension', ['E11', 'I10']],
    ['International Statistical Classification of Diseases, 10th revision: J45', ['J45']],
    ['ICD-11 5A11.0 and 5A11&XS25/BD10', ['icd-11 5A11.0', 'icd-11 5A11', 'icd-11 XS25', 'icd-11 BD10']],
    ['We use ICD-11.\n\nDepression is 6A70.0, the other one (6A71).', ['icd-11 6A70.0', 'icd-11 6A71']],
    ['ICD-10 E11 is 5A11 in ICD-11', ['E11', 'icd-11 5A11']],
  ])('%j', (text, expected) => {
    expect(codesIn(text)).toEqual(expected);
  });
});

describe('what only looks like a code', () => {
  test.each([
    'Vitamin B12 helps. A4 paper, T20 cricket, an M16 rifle, an F16 jet, the A380 and the B747.',
    'Diagnosis: B12 deficiency',
    'B12.5 is no category',
    'Take the A38 to the M25 and leave at E14.',
    'The London postcodes are N16 and E14 5AB.',
    'error code E11', 'Postal code: M16',
    'See Table E11.9, Figure S10.1, Section A15.2 and version V10.2.',
    'Release V10.2.1 of E11.9.1',
    'Munich lies at N48.1 E11.5',
    'A10BA02 and C09AA05 are ATC codes',
    'HLA-B27.5 is an allele', 'part ABC-E11.9', 'user@E11.9', 'x=E11.9',
    'ICD-9: V10.2 and E849.0',
    'ICD-10-PCS 0DT and B20.1',
    'An ICD was implanted. The T20 match was on.',
    'ICD-10 was explained. T20 cricket was on.',
    'We use ICD-10.\n\nThe T20 cricket match and the M16 rifle.',
    'ICD-10 is used.\n\nM16 rifles are old.',
    'S10.5% of the votes', 'N51.5° north',
    'Weapons\n\nM16 rifle\nM14 rifle\nM60 gun',
    '| T20 | India |\n| T20 | Australia |',
    'E11.pdf, S10.DOC, F16.COM',
    'Parts 5A11, 5A11.0 and BD10&XT5R in rooms 2B20 to 2B25',
    'E11,9 e11.9 E1.9 EE11.9 E11.99999',
    'Cells C10-C20 and E10:E14',
  ])('%j', (text) => {
    expect(codesIn(text)).toEqual([]);
  });
});

describe('properties', () => {
  const piece = fc.oneof(
    fc.constantFrom(' E11.9', ' ICD-10 E11', ', I10'),
    fc.constantFrom('ICD-10', 'ICD-11', ' ICD ', 'E11', 'E11.9', 'E10-E14', 'B12', '5A11', '5A11.0', '&XS25', '/', ', ', ' and ', '\n', '\n\n', '| ', '(', ')', ' ', '-', '.', 'Dx: ', 'diagnosis code ', 'N48.1 ', 'Ж', '😀'),
    fc.string({ unit: 'binary', maxLength: 8 }),
  );

  test('whatever the text, what is found stands there, in order, in its canonical form', () => {
    let found = 0;
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 60 }).map((pieces) => pieces.join('')), (text) => {
        const codes = findCodes(text);
        found += codes.length;
        for (const { system, code, start, end } of codes) {
          expect(codeSystemNames).toContain(system);
          expect(codeSystems[system].canonical(code)).toBe(code);
          const written = codeSystems[system].canonical(text.slice(start, end));
          expect(written).toBeDefined();
        }
        expect(codes.map(({ start }) => start)).toEqual(codes.map(({ start }) => start).sort((left, right) => left - right));
      }),
      { numRuns: 1000 },
    );
    expect(found).toBeGreaterThan(500);
  });

  const hostile = ['E11 ', 'E11, ', '(E11)', 'ICD-10 ', 'ICD', 'ICD-10 E11, ', 'diagnos', 'diagnosis code ', 'N48.1 E11.5 ', 'E10-E30 ', 'E11.', '\n| E11 ', '5A11&XS25/', 'A', '-', ' ', '.', '9A', 'International Classification of Diseases ', 'code', 'я', '診'];
  // Eight times the text takes eight times the work, where a blow-up takes 64 times and more. The thread's own time is measured: others share the machine.
  test.each(hostile)('a megabyte of %j is read in time that grows with its length', (unit) => {
    const timed = (length: number): number => {
      const text = unit.repeat(Math.ceil(length / unit.length));
      const runs = [1, 2].map(() => {
        const before = process.threadCpuUsage();
        findCodes(text);
        return process.threadCpuUsage(before).user / 1000;
      });
      return Math.min(...runs);
    };
    timed(10_000);
    expect(timed(1_000_000)).toBeLessThan(24 * timed(125_000) + 100);
  }, 60_000);
});
