import { digestOfJson } from '../../contracts/identifiers.ts';
import type { Digest } from '../../contracts/identifiers.ts';
import type { ReceiptLine, ReplayResponse } from '../../contracts/receipts.ts';
import type { ChunkPayload } from '../../ports/vectorIndex.ts';
import type { Found } from '../readPath.ts';

/** The results of a search as receipts hold them. */
export function receiptLinesOf({ response, collected }: Pick<Found, 'response' | 'collected'>): ReceiptLine[] {
  return collected.selected.map(({ candidate: { hit, payload, rerank } }, place) => ({
    chunkId: hit.id,
    documentId: payload.document,
    versionId: payload.version,
    digest: digestOfPassage(payload),
    score: response.results[place]?.score ?? 0,
    dense: hit.dense?.score ?? null,
    sparse: hit.sparse?.score ?? null,
    fused: hit.fused,
    rerank: rerank?.score ?? null,
  }));
}

/** Labels and visibility may change; when the points were written is nothing of the passage. */
function digestOfPassage({ document, version, title, source, tags, metadata, language, chunk }: ChunkPayload): Digest {
  // As JSON carries it: what is undefined is not there.
  return digestOfJson(JSON.parse(JSON.stringify({ document, version, title, source, tags, metadata, language, chunk })) as unknown);
}

/** By rank; numbers are the same where their bits are, but for the sign of 0, which JSON does not keep. */
export function differencesOf(then: readonly ReceiptLine[], now: readonly ReceiptLine[]): ReplayResponse['differences'] {
  return Array.from({ length: Math.max(then.length, now.length) }, (_, place) => ({ rank: place + 1, then: then[place] ?? null, now: now[place] ?? null })).filter((pair) => !isSame(pair.then, pair.now));
}

function isSame(left: ReceiptLine | null, right: ReceiptLine | null): boolean {
  if (left === null || right === null) return left === right;
  return (Object.keys(left) as (keyof ReceiptLine)[]).every((name) => left[name] === right[name]);
}
