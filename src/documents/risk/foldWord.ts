/** Letters of other scripts that look like Latin ones. */
const lookalikes: Readonly<Record<string, string>> = Object.fromEntries(
  [
    ['a', 'аαɑ'], ['b', 'вЬ'], ['c', 'сϲ'], ['d', 'ԁժ'], ['e', 'еєҽ'], ['g', 'ɡց'], ['h', 'һհ'], ['i', 'іıιӏ'], ['j', 'јϳ'], ['k', 'кκ'], ['l', 'ⅼӏ'], ['m', 'м'], ['n', 'ոռη'], ['o', 'оοօσ'], ['p', 'рρ'], ['q', 'ԛզ'],
    ['r', 'гᴦ'], ['s', 'ѕտ'], ['t', 'тτ'], ['u', 'υսц'], ['v', 'ѵν'], ['w', 'ԝшω'], ['x', 'хχ'], ['y', 'уүγ'], ['z', 'ᴢ'],
  ].flatMap(([latin = '', others = '']) => [...others].map((other) => [other, latin])),
);

/** Digits and signs that stand for letters. */
const letterOfDigit: Readonly<Record<string, string>> = { 0: 'o', 1: 'i', 3: 'e', 4: 'a', 5: 's', 7: 't', 8: 'b', 9: 'g', '@': 'a', $: 's' };

const plain = /^[a-z]+$/;
/** Marks, joiners and fillers that are not seen, and those that decorate a letter. */
const unseen = /[\p{M}\p{Cf}\u115f\u1160\u3164\u2800'’`]/gu;

/** A word as it is looked up: lower case, without decoration; what it may be read as besides. */
export interface FoldedWord {
  readonly text: string;
  /** Lookalikes and digits as the letters they stand for; the same as the text for most. */
  readonly read: string;
}

export function foldWord(word: string): FoldedWord {
  const lower = word.toLowerCase();
  if (plain.test(lower)) return { text: lower, read: lower };
  const text = lower.normalize('NFKD').replace(unseen, '').toLowerCase();
  if (plain.test(text)) return { text, read: text };
  let read = '';
  for (const letter of text) read += lookalikes[letter] ?? letterOfDigit[letter] ?? letter;
  return { text, read };
}
