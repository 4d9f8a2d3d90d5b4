import { embeddedTextOf } from '../../contracts/chunks.ts';
import type { Tokenizer } from '../../ports/tokenizer.ts';
import { shorten } from './shorten.ts';

/** Tokens that models put around a text: one before, one after. */
export const specialTokens = 2;

/** Title and heading path together never take more than half of an embedded text. */
const shareOfTitle = 0.25;
const shareOfHeadings = 0.25;

export interface Context {
  readonly headings: string[];
  /** Tokens left for the passage beside title and headings. */
  readonly budget: number;
}

/** Shortens title and headings so that passages have room beside them, and says how much room. */
export class ContextBudget {
  readonly title: string;
  readonly #maximumTokens: number;
  readonly #tokenizer: Tokenizer;
  readonly #known = new Map<string, Context>();

  constructor(title: string, maximumTokens: number, tokenizer: Tokenizer) {
    this.#maximumTokens = maximumTokens;
    this.#tokenizer = tokenizer;
    this.title = shorten(title.replace(/\s+/g, ' ').trim(), Math.floor(maximumTokens * shareOfTitle), tokenizer);
  }

  /** The heading path as it is stored: outer headings go first when all do not fit, then the innermost is shortened. */
  of(path: readonly string[]): Context {
    const key = path.join('\n');
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const limit = Math.floor(this.#maximumTokens * shareOfHeadings);
    const counts = path.map((heading) => (heading.length > limit * 10 ? limit + 1 : this.#tokenizer.count(heading) + 1));
    let first = 0;
    for (let sum = counts.reduce((total, count) => total + count, 0); first < path.length - 1 && sum > limit; first++) sum -= counts[first] ?? 0;
    const headings = path.slice(first);
    const last = headings.at(-1);
    if (last !== undefined && headings.length === 1) headings[0] = shorten(last, limit, this.#tokenizer);
    const contextText = embeddedTextOf(this.title, { headings, text: '' });
    const tokens = contextText === '' ? 0 : this.#tokenizer.count(contextText);
    const context = { headings, budget: this.#maximumTokens - specialTokens - tokens };
    this.#known.set(key, context);
    return context;
  }
}
