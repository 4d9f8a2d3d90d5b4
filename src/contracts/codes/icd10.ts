import type { CodeSystem } from './codeSystem.ts';

const code = /^([A-Z]\d[\dAB])(?:\.|\.?([\dA-Z]{1,4}))?$/;
/** `E11.-` and `E11.9-` name a code and all below it, as tabular lists write it. */
const openEnd = /\.?-$/;
const range = /^([A-Z]\d[\dAB])\s*(?:-|–|—|\.\.)\s*([A-Z]\d[\dAB])$/;
/** ICD-10-CM has categories such as C7A and C7B behind C79. */
const units = '0123456789AB';
/** Chapter XX of ICD-10, V01–Y98, is the widest there is. */
const maximumCategories = 500;

/** ICD-10 of the WHO and its national modifications (ICD-10-CM, -GM, …), up to seven characters: `E11`, `E11.9`, `S72.001A`. */
export const icd10: CodeSystem = {
  title: 'ICD-10',
  expectation: 'an ICD-10 code such as "E11" or "E11.9", or a range of categories such as "E10-E14"',
  canonical(text) {
    const [, category, rest] = code.exec(text.trim().toUpperCase().replace(openEnd, '')) ?? [];
    if (category === undefined) return undefined;
    return rest === undefined ? category : `${category}.${rest}`;
  },
  ancestors(of) {
    const broader: string[] = [];
    for (let length = of.length - 1; length > 4; length -= 1) broader.push(of.slice(0, length));
    return of.length > 3 ? [...broader, of.slice(0, 3)] : broader;
  },
  wanted(text) {
    const [, first, last] = range.exec(text.trim().toUpperCase()) ?? [];
    if (first !== undefined && last !== undefined) return categoriesBetween(first, last);
    const single = icd10.canonical(text);
    return single === undefined ? undefined : [single];
  },
};

/** All categories that there can be from the first to the last; undefined where they are in the wrong order or too many. */
export function categoriesBetween(first: string, last: string): string[] | undefined {
  const [from, to] = [positionOf(first), positionOf(last)];
  if (to < from || to - from >= maximumCategories) return undefined;
  return Array.from({ length: to - from + 1 }, (_, index) => categoryAt(from + index));
}

function positionOf(category: string): number {
  return ((category.charCodeAt(0) - 65) * 10 + Number(category[1])) * units.length + units.indexOf(category[2] ?? '');
}

function categoryAt(position: number): string {
  const tens = Math.floor(position / units.length);
  return `${String.fromCharCode(65 + Math.floor(tens / 10))}${tens % 10}${units[position % units.length]}`;
}
