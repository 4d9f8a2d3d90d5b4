import type { Chunk } from '../../contracts/chunks.ts';
import type { Candidate } from '../candidates/candidate.ts';

/** Space between passages that was trimmed: more than that and something lies between them. */
const longestGap = 4;

/** Whether the candidate's passage touches one of the others, which are of the same document. */
export function follows(others: readonly Candidate[], { payload }: Candidate): boolean {
  return others.some((other) => touches(other.payload.chunk, payload.chunk));
}

function touches(left: Chunk, right: Chunk): boolean {
  if (Math.abs(left.ordinal - right.ordinal) !== 1 || left.tier !== right.tier) return false;
  const [first, second] = left.ordinal < right.ordinal ? [left, right] : [right, left];
  return second.start >= first.start && second.start - first.end <= longestGap;
}

export interface JoinedPassage {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

/** The passages as one: what overlaps stands once, what was trimmed between them is white space, so that offsets hold. */
export function joinPassages(chunks: readonly Chunk[]): JoinedPassage {
  const ordered = [...chunks].sort((left, right) => left.ordinal - right.ordinal);
  const first = ordered[0]!;
  let { text, end } = first;
  for (const chunk of ordered.slice(1)) {
    if (chunk.end <= end) continue;
    text += chunk.start > end ? '\n'.repeat(chunk.start - end) + chunk.text : chunk.text.slice(end - chunk.start);
    end = chunk.end;
  }
  return { text, start: first.start, end };
}
