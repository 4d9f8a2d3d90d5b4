import type { CodeSystem } from './codeSystem.ts';

/** Digits and letters of ICD-11, which leaves out I and O: they look like 1 and 0. */
const signs = '0123456789ABCDEFGHJKLMNPQRSTUVWXYZ';
/** A stem code (chapter, letter, digit, sign; up to two more behind a dot) or an extension code, which begins with X. */
const stem = /^[1-9A-HJ-NP-SV][A-HJ-NP-Z]\d[\dA-HJ-NP-Z](?:\.[\dA-HJ-NP-Z]{1,2})?$/;
const extension = /^X[A-HJ-NP-Z](?=[A-Z]*\d)[\dA-HJ-NP-Z]{2,4}$/;
const range = /^([1-9A-HJ-NP-SV][A-HJ-NP-Z])(\d[\dA-HJ-NP-Z])\s*(?:-|–|—|\.\.)\s*([1-9A-HJ-NP-SV][A-HJ-NP-Z])(\d[\dA-HJ-NP-Z])$/;

/** ICD-11 for mortality and morbidity statistics: `5A11`, `6A70.0`, `8A40.0Z`, extensions such as `XS25`. */
export const icd11: CodeSystem = {
  title: 'ICD-11',
  expectation: 'an ICD-11 code such as "5A11" or "6A70.0", or a range of stem codes that begin with the same two characters, such as "5A10-5A2Z"',
  canonical(text) {
    const written = text.trim().toUpperCase();
    return stem.test(written) || extension.test(written) ? written : undefined;
  },
  ancestors(of) {
    const broader: string[] = [];
    for (let length = of.length - 1; length > 5; length -= 1) broader.push(of.slice(0, length));
    return of[4] === '.' ? [...broader, of.slice(0, 4)] : [];
  },
  wanted(text) {
    const [, block, first, otherBlock, last] = range.exec(text.trim().toUpperCase()) ?? [];
    if (block !== undefined && first !== undefined && last !== undefined) return block === otherBlock ? stemsBetween(block, positionOf(first), positionOf(last)) : undefined;
    const single = icd11.canonical(text);
    return single === undefined ? undefined : [single];
  },
};

function positionOf(ending: string): number {
  return Number(ending[0]) * signs.length + signs.indexOf(ending[1] ?? '');
}

function stemsBetween(block: string, from: number, to: number): string[] | undefined {
  if (to < from) return undefined;
  return Array.from({ length: to - from + 1 }, (_, index) => `${block}${Math.floor((from + index) / signs.length)}${signs[(from + index) % signs.length]}`);
}
