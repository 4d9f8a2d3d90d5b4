import type { Term } from '../sparse/analyse.ts';
import type { Highlight } from './highlight.ts';

const mostSentences = 2;
/** The end of a sentence: its mark, closing quotes, and space before what can begin one; or the end of a line. */
const sentenceEnd = /[.!?。！？]+["'”’)\]]*(?=\s+[\p{Lu}\p{N}"“‘(]|$)|[。！？]|\n+/gu;

/** The sentences that hold the most of the query's terms, in order of place; none where the passage holds no term. */
export function bestSentences(passage: string, matched: readonly Term[]): Highlight[] {
  if (matched.length === 0) return [];
  const sentences = sentencesOf(passage);
  const held = sentences.map(() => new Set<string>());
  let current = 0;
  for (const { term, start } of [...matched].sort((left, right) => left.start - right.start)) {
    while (current < sentences.length - 1 && start >= sentences[current]!.end) current += 1;
    held[current]?.add(term);
  }
  return held
    .map((terms, index) => ({ terms: terms.size, index }))
    .filter(({ terms }) => terms > 0)
    .sort((left, right) => right.terms - left.terms || left.index - right.index)
    .slice(0, mostSentences)
    .sort((left, right) => left.index - right.index)
    .map(({ index }) => sentences[index]!);
}

function sentencesOf(passage: string): Highlight[] {
  const sentences: Highlight[] = [];
  let start = 0;
  const add = (end: number): void => {
    const text = passage.slice(start, end);
    const trimmed = text.trim();
    const from = start + text.indexOf(trimmed);
    if (trimmed !== '') sentences.push({ start: from, end: from + trimmed.length });
    start = end;
  };
  for (const match of passage.matchAll(sentenceEnd)) add(match.index + match[0].length);
  add(passage.length);
  return sentences;
}
