import { documentIdOf, pointIdOf, versionIdOf } from '../../../../src/contracts/identifiers.ts';
import type { ChunkPayload } from '../../../../src/ports/vectorIndex.ts';
import type { Candidate } from '../../../../src/retrieval/candidates/candidate.ts';

export interface CandidateOptions {
  readonly document: string;
  readonly score: number;
  readonly ordinal?: number;
  readonly text?: string;
  readonly sequence?: number;
  readonly start?: number;
  readonly location?: string;
  readonly metadata?: ChunkPayload['metadata'];
}

export function someCandidate({ document, score, ordinal = 0, text = `About ${document} ${ordinal}.`, sequence = 1, start = ordinal * 1000, location = document, metadata = {} }: CandidateOptions): Candidate {
  const documentId = documentIdOf('acme', document);
  const version = versionIdOf(documentId, `sha256:${sequence}`, sequence);
  const chunk = { ordinal, tier: 'passage' as const, text, start, end: start + text.length, headings: [], tokens: 5 };
  const payload = { tenant: 'acme', document: documentId, version, sequence, visible: true, title: document, source: { type: 'text' as const, location }, tags: [], policies: [], metadata, ingestedAt: '2026-01-01T00:00:00.000Z', chunk };
  return { hit: { id: pointIdOf(version, ordinal), fused: score, dense: null, sparse: null }, payload, boosts: [], rerank: null, score };
}
