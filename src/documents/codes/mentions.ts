/** A place where a text names a classification of diseases. */
export interface Mention {
  readonly start: number;
  readonly end: number;
  /** `none`: ICD without a number. `other`: one whose codes only look like those of ICD-10 (ICD-9, ICD-10-PCS, ICD-O). */
  readonly revision: '10' | '11' | 'none' | 'other';
}

/** The short names in the languages that have their own: French, Spanish, Portuguese, Russian, Czech, Slovak, Hungarian, Lithuanian. */
const shortName = /(?<![\p{L}\p{N}])(ICD|CIM|CIE|CID|МКБ|MKN|MKCH|BNO|TLK)(?:[\s‐‑–-]{0,2}(9|10|11|O)(?![\p{L}\d]))?([‐‑–-]PCS)?(?![\p{L}\d])/giu;
const fullName = /International (?:Statistical )?Classification of Diseases[^.\n]{0,40}?\b(10|11|tenth|eleventh)/giu;

const revisions: Readonly<Record<string, Mention['revision']>> = { '10': '10', tenth: '10', '11': '11', eleventh: '11', '9': 'other', o: 'other' };

/** In order of their place. */
export function findMentions(text: string): Mention[] {
  const mentions: Mention[] = [];
  for (const match of text.matchAll(shortName)) {
    const [, name = '', number, procedures] = match;
    // Of the other names some are words or other abbreviations too: they count with their number only.
    if (number === undefined && name.toUpperCase() !== 'ICD') continue;
    mentions.push({ ...placeOf(match), revision: procedures !== undefined ? 'other' : (revisions[number?.toLowerCase() ?? ''] ?? 'none') });
  }
  for (const match of text.matchAll(fullName)) mentions.push({ ...placeOf(match), revision: revisions[match[1]?.toLowerCase() ?? ''] ?? 'none' });
  return mentions.sort((left, right) => left.start - right.start);
}

function placeOf(match: RegExpExecArray): Pick<Mention, 'start' | 'end'> {
  return { start: match.index, end: match.index + match[0].length };
}
