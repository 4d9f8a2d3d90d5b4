import type { RiskKind } from '../../contracts/risk.ts';

/** Tags, and the selectors of variants: characters that are never shown, and can spell whole sentences. */
const mayBeUnseen = /[\u180e\u200b\u2060\ufeff\u202d\u202e]|[\ufe00-\ufe0f]|\udb40/;
/** The first half of all tags and further selectors. */
const mayBeSpelling = /\udb40|[\ufe00-\ufe0f]/;
const flag = /\u{1f3f4}[\u{e0020}-\u{e007e}]{1,12}\u{e007f}/gu;
const tags = /[\u{e0000}-\u{e007f}]/gu;
/** A letter or emoji takes one; what follows it selects nothing. */
const selectors = /[\ufe00-\ufe0f\u{e0100}-\u{e01ef}]{3,}/gu;
/** Isolates and embeddings are how right-to-left texts are written; an override says that letters are to be shown backwards. */
const override = /[\u202d\u202e]/;
/** Between letters of a script that needs no joiners. */
const cut = /[A-Za-z][\u180e\u200b\u2060\ufeff]+(?=[A-Za-z])/g;
/** Some programs write a few where a long word may be broken. */
const fewCuts = 8;
const fewestTags = 3;

export interface UnseenText {
  readonly kinds: readonly RiskKind[];
  /** What the characters spell. */
  readonly spelled: string;
}

const none: UnseenText = { kinds: [], spelled: '' };

/** What a text, as it was written, holds in characters that are not shown. */
export function findUnseen(text: string): UnseenText {
  if (!mayBeUnseen.test(text)) return none;
  const kinds: RiskKind[] = [];
  const withoutFlags = text.replace(flag, '');
  const spelled = [...(withoutFlags.match(tags) ?? []).map((tag) => String.fromCodePoint((tag.codePointAt(0) ?? 0) - 0xe0000)), ...(withoutFlags.match(selectors) ?? []).map(spelledBySelectors)].join('');
  if (spelled.length >= fewestTags) kinds.push('hidden-text');
  if (override.test(text)) kinds.push('bidi-override');
  if ((text.match(cut)?.length ?? 0) >= fewCuts) kinds.push('zero-width');
  return { kinds, spelled };
}

/** A byte each: the first sixteen by the selectors of the basic plane. */
function spelledBySelectors(run: string): string {
  return String.fromCharCode(...[...run].map((selector) => {
    const point = selector.codePointAt(0) ?? 0;
    return point >= 0xe0100 ? point - 0xe0100 + 16 : point - 0xfe00;
  }));
}

/** The text without characters that spell what is not shown; flags, and the selector of a letter or emoji, stay. */
export function withoutSpelling(text: string): string {
  if (!mayBeSpelling.test(text)) return text;
  return text
    .replace(/(\u{1f3f4}[\u{e0020}-\u{e007e}]{1,12}\u{e007f})|[\u{e0000}-\u{e007f}]/gu, (_tag, kept: string | undefined) => kept ?? '')
    .replace(/([\ufe00-\ufe0f\u{e0100}-\u{e01ef}])[\ufe00-\ufe0f\u{e0100}-\u{e01ef}]+/gu, '$1');
}
