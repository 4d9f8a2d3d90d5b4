/** Letters that Unicode does not decompose, with what people type in their stead. */
const undecomposed: Readonly<Record<string, string>> = { ø: 'o', ł: 'l', đ: 'd', ð: 'd', þ: 'th', ß: 'ss', æ: 'ae', œ: 'oe', ı: 'i', ς: 'σ' };

/**
 * One spelling for what a reader takes as the same word: compatibility forms (ﬁ, Ａ, ₂), case, accents, apostrophes.
 * Accents are dropped from Latin and Greek letters only; in other scripts marks tell words apart.
 */
export function fold(word: string): string {
  if (isAscii(word)) return word.toLowerCase();
  return unify(word)
    .normalize('NFD')
    .replace(/([\p{Script=Latin}\p{Script=Greek}])[\u0300-\u036f]+/gu, '$1')
    .normalize('NFC')
    .replace(/[øłđðþßæœıς]/g, (letter) => undecomposed[letter] ?? letter);
}

/** Small letters, compatibility forms and apostrophes as in `fold`, accents kept. */
export function small(word: string): string {
  return isAscii(word) ? word.toLowerCase() : unify(word).normalize('NFC');
}

function unify(word: string): string {
  return word.normalize('NFKC').toLowerCase().replace(/[‘’ʼ]/g, "'").replace(/\u00ad/g, '');
}

function isAscii(word: string): boolean {
  for (let index = 0; index < word.length; index += 1) if (word.charCodeAt(index) > 127) return false;
  return true;
}
