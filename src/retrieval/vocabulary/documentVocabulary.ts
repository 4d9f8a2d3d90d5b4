import type { ChunkedDocument } from '../../contracts/chunks.ts';
import { analysisLanguageOf } from '../sparse/languages.ts';
import type { AnalysisLanguage } from '../sparse/languages.ts';
import { wordTerms } from '../sparse/wordTerms.ts';
import { vocabularyWords, wordEntry } from './words.ts';

/** What a chunk lists for suggestions and spelling. */
export interface ChunkVocabulary {
  /** Telling words that no earlier chunk of the document lists: so the number of points that list a word is one of documents. */
  readonly words: readonly string[];
  /** Words of titles (`t:`) and headings (`h:`) that stand above the chunk and above none before it. */
  readonly labels: readonly string[];
}

/** Changes whenever the same document would list other words. */
export const vocabularyVersion = 'vocabulary/1';

export const labelKinds = { title: 't:', heading: 'h:' } as const;

/** New words that one chunk lists. */
const wordsPerChunk = 24;
const labelWords = 24;
/** Longer words tell more of a text, up to here. */
const tellingLength = 12;
const titleWeight = 3;
const headingWeight = 2;
const nameFactor = 1.5;

/** The vocabulary of each chunk of a document, in their order. Pure; about 0.2 ms a chunk of 200 words. */
export function documentVocabulary({ title, language, chunks }: ChunkedDocument): ChunkVocabulary[] {
  const analysed = analysisLanguageOf(language);
  const listed = new Set<string>();
  const labelled = new Set<string>();
  return chunks.map(({ headings, text }) => {
    const added = [{ text: title, kind: labelKinds.title }, ...headings.filter((heading) => heading !== title).map((heading) => ({ text: heading, kind: labelKinds.heading }))].filter((label) => !labelled.has(label.text));
    for (const label of added) labelled.add(label.text);
    const labels = new Set(added.flatMap((label) => vocabularyWords(label.text).slice(0, labelWords).map(({ folded }) => label.kind + folded)));
    const words = tellingWords([{ text, weight: 1 }, ...added.map((label) => ({ text: label.text, weight: label.kind === labelKinds.title ? titleWeight : headingWeight }))], analysed, listed);
    return { words, labels: [...labels] };
  });
}

interface Told {
  readonly forms: Map<string, number>;
  score: number;
}

/**
 * The words that occur most and are longest, those of titles and headings before others. Of a word's forms ("cell", "cells") the
 * most frequent is listed, and none where the document lists one already; what is listed is added to `listed`.
 */
function tellingWords(texts: readonly { readonly text: string; readonly weight: number }[], language: AnalysisLanguage, listed: Set<string>): string[] {
  const words = new Map<string, Told>();
  for (const { text, weight } of texts) {
    for (const word of vocabularyWords(text)) {
      const stem = wordTerms(word.shown, language).at(-1);
      if (stem === undefined || listed.has(stem)) continue;
      const told = words.get(stem) ?? { forms: new Map<string, number>(), score: 0 };
      const entry = wordEntry(word);
      told.forms.set(entry, (told.forms.get(entry) ?? 0) + weight);
      told.score += weight * Math.min(word.folded.length, tellingLength) * (word.isName ? nameFactor : 1);
      words.set(stem, told);
    }
  }
  const chosen = [...words].sort(([left, { score: leftScore }], [right, { score: rightScore }]) => rightScore - leftScore || (left < right ? -1 : 1)).slice(0, wordsPerChunk);
  for (const [stem] of chosen) listed.add(stem);
  return chosen.map(([, { forms }]) => mostFrequent(forms));
}

function mostFrequent(forms: ReadonlyMap<string, number>): string {
  return [...forms].sort(([left, leftCount], [right, rightCount]) => rightCount - leftCount || (left < right ? -1 : 1))[0]?.[0] ?? '';
}
