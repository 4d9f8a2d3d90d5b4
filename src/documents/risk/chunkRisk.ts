import type { Chunk } from '../../contracts/chunks.ts';
import type { ParsedText } from '../../contracts/parsed.ts';
import { riskOf } from '../../contracts/risk.ts';
import type { RiskKind } from '../../contracts/risk.ts';
import { findMarks } from './findMarks.ts';
import { findSequences } from './findSequences.ts';
import type { PlacedRisk } from './findSequences.ts';

/**
 * Adds to each chunk what it holds that is meant for a model rather than for people. The text is read as a whole, since a sentence may
 * lie across two chunks; headings and the title are found again with every chunk below them, and so is what the document hides.
 */
export function withRisk(chunks: readonly Chunk[], title: string, { text, concealed = [] }: Pick<ParsedText, 'text' | 'concealed'>): Chunk[] {
  const found = findAll(text).sort((first, second) => first.start - second.start);
  const everywhere = [...concealed, ...findAll(title).map(({ kind }) => kind)];
  if (found.length === 0 && everywhere.length === 0) return [...chunks];
  const ofHeading = new Map<string, readonly RiskKind[]>();
  const headingKinds = (heading: string): readonly RiskKind[] => {
    const known = ofHeading.get(heading) ?? findAll(heading).map(({ kind }) => kind);
    ofHeading.set(heading, known);
    return known;
  };
  let first = 0;
  return chunks.map((chunk) => {
    // Chunks come in the order of their places.
    while ((found[first]?.end ?? Infinity) <= chunk.start) first += 1;
    const risk = riskOf([...everywhere, ...chunk.headings.flatMap(headingKinds), ...within(found, first, chunk.start, chunk.end)]);
    return risk === undefined ? chunk : { ...chunk, risk };
  });
}

function findAll(text: string): PlacedRisk[] {
  return [...findSequences(text), ...findMarks(text)];
}

/** Kinds of what lies in a span, or partly in it. `found` is in order of where it starts. */
function within(found: readonly PlacedRisk[], first: number, start: number, end: number): RiskKind[] {
  const kinds: RiskKind[] = [];
  for (let index = first; index < found.length; index += 1) {
    const { kind, start: from, end: to } = found[index] as PlacedRisk;
    if (from >= end) break;
    if (to > start) kinds.push(kind);
  }
  return kinds;
}
