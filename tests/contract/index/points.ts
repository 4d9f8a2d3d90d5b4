import type { Chunk } from '../../../src/contracts/chunks.ts';
import { documentIdOf, pointIdOf, versionIdOf } from '../../../src/contracts/identifiers.ts';
import type { Principal } from '../../../src/contracts/principal.ts';
import type { ChunkPayload, IndexPoint, VersionSwitch } from '../../../src/ports/vectorIndex.ts';
import { documentSparseVector } from '../../../src/retrieval/sparse/sparseVector.ts';
import { documentVocabulary } from '../../../src/retrieval/vocabulary/documentVocabulary.ts';

export const principal = (tenant: string, policies: string[] = []): Principal => ({ tenant, subject: 'suite', roles: [], policies });

export interface VersionOptions {
  readonly tenant?: string;
  readonly name?: string;
  readonly sequence?: number;
  readonly visible?: boolean;
  readonly texts?: readonly string[];
  readonly payload?: Partial<ChunkPayload>;
  /** Headings above each text. */
  readonly headings?: readonly (readonly string[])[];
}

export interface Version extends VersionSwitch {
  readonly points: readonly IndexPoint[];
}

/** The points of one version of a document named `name`, hidden unless told otherwise. */
export function version({ tenant = 'acme', name = 'document', sequence = 1, visible = false, texts = ['A cell divides.'], payload = {}, headings = [] }: VersionOptions = {}): Version {
  const documentId = documentIdOf(tenant, name);
  const versionId = versionIdOf(documentId, `sha256:${sequence}`, sequence);
  const chunks = texts.map((text, ordinal) => ({ ordinal, tier: 'passage' as const, text, start: 0, end: text.length, headings: [...(headings[ordinal] ?? [])], tokens: 5 }));
  const vocabulary = documentVocabulary({ title: payload.title ?? name, language: payload.language, chunks });
  const points = texts.map((text, ordinal): IndexPoint => ({
    id: pointIdOf(versionId, ordinal),
    dense: unitVector(ordinal + sequence),
    sparse: documentSparseVector({ title: name, headings: [], text, language: payload.language }),
    ...(vocabulary[ordinal] === undefined ? {} : { vocabulary: vocabulary[ordinal] }),
    payload: {
      tenant, document: documentId, version: versionId, sequence, visible, title: name, source: { type: 'text', location: name }, tags: [], policies: [], metadata: {},
      ingestedAt: '2026-01-01T00:00:00.000Z', chunk: chunks[ordinal] as Chunk, ...payload,
    },
  }));
  return { documentId, versionId, sequence, replacesEarlier: true, points };
}

/** A direction for each seed; neighbours are close together. */
export function unitVector(seed: number, dimension = 8): Float32Array {
  const vector = Float32Array.from({ length: dimension }, (_, index) => 1 + Math.sin(seed / 7 + index));
  const length = Math.hypot(...vector);
  return vector.map((value) => value / length);
}
