import type { PersonalDataKind } from '../contracts/personalData.ts';
import { isCardNumber, isIban } from './checkDigits.ts';

/** UTF-16 offsets into the text. */
export interface PersonalData {
  readonly kind: PersonalDataKind;
  readonly start: number;
  readonly end: number;
}

interface Detector {
  readonly kind: PersonalDataKind;
  /** Where it does not match, there is nothing to look for: most texts have no "@". */
  readonly sign: RegExp;
  /** Every repetition is bounded, so that the time is in proportion to the text. Of a pattern with groups the last one is what is found. */
  readonly pattern: RegExp;
  readonly isReal?: (found: string) => boolean;
}

const fieldNames = [
  'password', 'passwort', 'passphrase', 'passcode', 'pin', 'cvv', 'cvc', 'secret', 'social security (?:number|no\\.?)', 'ssn', 'sozialversicherungsnummer', 'national (?:id|insurance)(?: number| no\\.?)?', 'tax (?:id|number)', 'steuer-?id', 'passport(?: number| no\\.?)?',
  'driver.?s? licen[cs]e(?: number| no\\.?)?', 'date of birth', 'birth ?date', 'dob', 'geburtsdatum', 'mother.?s maiden name', 'account number', 'card number', 'medical record (?:number|no\\.?)', 'mrn',
];

const digitsOf = (text: string): string => text.replace(/\D/g, '');
const hasDigits = (least: number, most: number) => (found: string): boolean => {
  const { length } = digitsOf(found);
  return length >= least && length <= most;
};

/** What is surer comes first: where two lie on each other, the first counts. */
const detectors: readonly Detector[] = [
  { kind: 'email', sign: /@/, pattern: /(?<![A-Za-z0-9._%+-])[A-Za-z0-9][A-Za-z0-9._%+-]{0,63}@(?:[A-Za-z0-9-]{1,63}\.){1,8}[A-Za-z]{2,24}(?![A-Za-z0-9-])/g },
  { kind: 'iban', sign: /[A-Z]{2}\d{2}/, pattern: /(?<![A-Za-z0-9])[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?(?![A-Za-z0-9])/g, isReal: isIban },
  { kind: 'card', sign: /\d{4}/, pattern: /(?<![\w.+-])(?:\d{13,19}|\d{4}(?:[ -]\d{4}){3}(?:[ -]\d{1,3})?|\d{4}[ -]\d{6}[ -]\d{5})(?![\w-]|\.\d)/g, isReal: isCardNumber },
  { kind: 'ssn', sign: /\d-\d/, pattern: /(?<![\w-])(?!000|666|9\d\d)\d{3}-(?!00)\d{2}-(?!0000)\d{4}(?![\w-])/g },
  { kind: 'phone', sign: /\+\d/, pattern: /(?<![\w+.])\+\d{1,3}(?:[ ./-]?\(?\d{1,5}\)?){2,6}(?![\d%])/g, isReal: hasDigits(8, 15) },
  { kind: 'phone', sign: /\d{3}[ .)-]/, pattern: /(?<![\w.+-])(?:\(\d{3}\) ?|\d{3}[ .-])\d{3}[.-]\d{4}(?![\w-]|\.\d)/g },
  { kind: 'phone', sign: /(?:tel|phone|fax|mobil|cell|handy)/i, pattern: /(?<!\p{L})(?:tele(?:phone|fon|fax)|tel|phone|fax|mobile?|cell|handy)(?: ?(?:no|nr|number))?\.?[ \t]?[:.]?[ \t]{1,2}(\(?\d[\d ()/.-]{5,20}\d)/giu, isReal: hasDigits(6, 15) },
  { kind: 'field', sign: /[:=|]/, pattern: new RegExp(`(?<!\\p{L})(?:${fieldNames.join('|')})["']?[ \\t]{0,3}[:=|][ \\t]{0,3}["']?([^\\s"',;|][^"',;|\\n]{0,80})`, 'giu') },
];

/** Personal data of these kinds, in order of place, none on another. */
export function findPersonalData(text: string, kinds: readonly PersonalDataKind[]): PersonalData[] {
  const found: PersonalData[] = [];
  for (const { kind, sign, pattern, isReal } of detectors) {
    if (!kinds.includes(kind) || !sign.test(text)) continue;
    for (const match of text.matchAll(pattern)) {
      const value = (match[1] ?? match[0]).trimEnd();
      if (isReal?.(value) === false) continue;
      const start = match.index + match[0].indexOf(value);
      found.push({ kind, start, end: start + value.length });
    }
  }
  return withoutOverlaps(found);
}

function withoutOverlaps(found: readonly PersonalData[]): PersonalData[] {
  const sorted = found.map((one, rank) => ({ ...one, rank })).sort((first, second) => first.start - second.start || first.rank - second.rank);
  const kept: PersonalData[] = [];
  for (const { kind, start, end } of sorted) {
    const last = kept.at(-1);
    if (last === undefined || start >= last.end) kept.push({ kind, start, end });
  }
  return kept;
}
