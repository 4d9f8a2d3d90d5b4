import type { ChunkPayload } from '../ports/vectorIndex.ts';
import type { FusedHit } from './fusion/fuse.ts';

/** A fused hit with what is stored of it. */
export interface Candidate {
  readonly hit: FusedHit;
  readonly payload: ChunkPayload;
}

/**
 * The best candidates that may stand together in one answer: of each document only its newest version, since a read can
 * fall into the moment in which versions change, and no more than `passagesPerDocument` passages.
 */
export function select(candidates: readonly Candidate[], limit: number, passagesPerDocument: number): Candidate[] {
  const newest = new Map<string, number>();
  for (const { payload } of candidates) {
    newest.set(payload.document, Math.max(newest.get(payload.document) ?? -Infinity, payload.sequence));
  }
  const taken = new Map<string, number>();
  const selected: Candidate[] = [];
  for (const candidate of candidates) {
    const { document, sequence } = candidate.payload;
    const passages = taken.get(document) ?? 0;
    if (sequence !== newest.get(document) || passages === passagesPerDocument) continue;
    taken.set(document, passages + 1);
    selected.push(candidate);
    if (selected.length === limit) break;
  }
  return selected;
}

/** Documents that have given as many passages as they may. */
export function saturatedDocuments(selected: readonly Candidate[], passagesPerDocument: number): Set<string> {
  const passages = new Map<string, number>();
  for (const { payload } of selected) passages.set(payload.document, (passages.get(payload.document) ?? 0) + 1);
  return new Set([...passages].filter(([, count]) => count >= passagesPerDocument).map(([document]) => document));
}
