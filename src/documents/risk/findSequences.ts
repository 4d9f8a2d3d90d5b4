import type { RiskKind } from '../../contracts/risk.ts';
import { foldWord } from './foldWord.ts';
import { sequences } from './sequences.ts';
import { masks, maskOfShape } from './words.ts';
import type { ClassMask } from './words.ts';

/** UTF-16 offsets into the text that was scanned. */
export interface PlacedRisk {
  readonly kind: RiskKind;
  readonly start: number;
  readonly end: number;
}

/** Letters, and what may stand within a word so that it does not look like one: digits, signs, marks, joiners, circled letters. */
const word = /[\p{L}\p{N}@$\u24b6-\u24e9\u{1f130}-\u{1f189}](?:[\p{L}\p{N}\p{M}\p{Cf}@$'’\u115f\u1160\u3164\u2800\u24b6-\u24e9\u{1f130}-\u{1f189}])*/gu;
/** One sign between two letters or parts of words: "i.g.n.o.r.e", "ig-nore". */
const joint = /^[-.*_·~|/\\+]$/;
/** Longer words are cut in pieces by no reader. */
const longestWord = 64;
const longestCompound = 24;
/** The whole sentence as one word. */
const shortestSqueezed = 18;
const squeezed = /(?:ignore|disregard|forget|override|bypass).{0,30}(?:instruction|prompt|guideline)/;

interface Match {
  /** Of the word that the step last matched at, counted in words. */
  index: number;
  start: number;
}

/** So that a text made of nothing else takes no more room than it has lines. */
const mergedWithin = 100;

/** Adds a finding, or makes the last one of its kind reach to it where they lie near each other. */
class Findings {
  readonly all: PlacedRisk[] = [];
  readonly #last = new Map<RiskKind, { -readonly [Key in keyof PlacedRisk]: PlacedRisk[Key] }>();

  add(kind: RiskKind, start: number, end: number): void {
    const last = this.#last.get(kind);
    if (last !== undefined && start <= last.end + mergedWithin) {
      last.end = Math.max(last.end, end);
      return;
    }
    const found = { kind, start, end };
    this.#last.set(kind, found);
    this.all.push(found);
  }
}

/** Where the text says to a model what texts for people do not. Takes time in proportion to the text. */
export function findSequences(text: string): PlacedRisk[] {
  const found = new Findings();
  const states = sequences.map(({ steps }) => steps.map((): Match => ({ index: -1, start: 0 })));
  const words = new WordReader(text);
  for (const match of text.matchAll(word)) {
    const { mask, index, start } = words.read(match[0], match.index);
    const end = match.index + match[0].length;
    if (mask === undefined) {
      if (match[0].length >= shortestSqueezed && squeezed.test(foldWord(match[0].slice(0, longestWord)).read)) found.add('instruction-override', match.index, end);
      continue;
    }
    for (const [number, { kind, steps }] of sequences.entries()) {
      const reached = states[number] ?? [];
      // From the last step down, so that one word is not two steps.
      for (let step = steps.length - 1; step >= 0; step -= 1) {
        const { mask: wanted, gap } = steps[step] as (typeof steps)[number];
        if ((mask.low & wanted.low) === 0 && (mask.high & wanted.high) === 0) continue;
        const before = reached[step - 1];
        if (step > 0 && (before === undefined || before.index < 0 || index - before.index > gap + 1 || index === before.index)) continue;
        const from = before === undefined ? start : before.start;
        if (step === steps.length - 1) found.add(kind, from, end);
        else reached[step] = { index, start: from };
      }
    }
  }
  return found.all;
}

interface ReadWord {
  /** undefined: a word that says nothing here. */
  readonly mask: ClassMask | undefined;
  readonly index: number;
  readonly start: number;
}

/** Reads words as people do: parts with a sign between them, and single letters with spaces, are one word. */
class WordReader {
  readonly #text: string;
  #index = -1;
  #end = -1;
  #compound = '';
  #compoundStart = 0;
  #wasLetter = false;

  constructor(text: string) {
    this.#text = text;
  }

  read(written: string, at: number): ReadWord {
    const gap = this.#end < 0 || at - this.#end > 1 ? undefined : this.#text.slice(this.#end, at);
    this.#end = at + written.length;
    const folded = foldWord(written.length > longestWord ? written.slice(0, longestWord) : written);
    const isLetter = folded.read.length === 1;
    const joins = gap !== undefined && (joint.test(gap) || (isLetter && this.#wasLetter && gap === ' '));
    this.#wasLetter = isLetter;
    if (!joins || this.#compound.length > longestCompound) {
      this.#index += 1;
      this.#compound = folded.read;
      this.#compoundStart = at;
      return { mask: lookUp(folded.text, folded.read), index: this.#index, start: at };
    }
    const whole = masks.get(this.#compound + folded.read);
    const part = isLetter || whole !== undefined ? undefined : lookUp(folded.text, folded.read);
    // After a word that was known, the next part or letter begins another.
    if (part !== undefined || this.#compound === '') {
      this.#index += 1;
      this.#compound = part === undefined ? folded.read : '';
      this.#compoundStart = at;
      return { mask: part, index: this.#index, start: at };
    }
    this.#compound = whole === undefined ? this.#compound + folded.read : '';
    return { mask: whole, index: this.#index, start: this.#compoundStart };
  }
}

function lookUp(text: string, read: string): ClassMask | undefined {
  return masks.get(text) ?? (read === text ? undefined : (masks.get(read) ?? masks.get(read.replaceAll('i', 'l')))) ?? maskOfShape(read);
}
