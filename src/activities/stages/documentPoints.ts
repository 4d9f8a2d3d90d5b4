import type { Chunk, ChunkedDocument } from '../../contracts/chunks.ts';
import type { EmbeddedArtifact } from '../../contracts/ingestion.ts';
import { pointIdOf } from '../../contracts/identifiers.ts';
import type { DocumentSpecification } from '../../contracts/specification.ts';
import type { IndexPoint, TokenCodes } from '../../ports/vectorIndex.ts';
import { documentSparseVector } from '../../retrieval/sparse/sparseVector.ts';
import { documentVocabulary } from '../../retrieval/vocabulary/documentVocabulary.ts';
import type { ChunkVocabulary } from '../../retrieval/vocabulary/documentVocabulary.ts';
import type { TextVectors } from '../embedding/textVectors.ts';

export interface PointSource {
  readonly tenant: string;
  readonly document: Pick<EmbeddedArtifact, 'documentId' | 'versionId' | 'sequence'>;
  readonly specification: Pick<DocumentSpecification, 'source' | 'tags' | 'metadata'>;
  readonly policies: readonly string[];
  readonly visible: boolean;
  /** Milliseconds since 1970; absent before it is published. */
  readonly visibleFrom?: number;
  readonly visibleUntil?: number;
  /** RFC 3339. */
  readonly ingestedAt: string;
  /** That cut the passages anew; null: they came with the version. */
  readonly recut: string | null;
  /** With the passages that may be searched alone. */
  readonly chunked: ChunkedDocument;
  /** Of all passages, by ordinal. */
  readonly vectors: readonly TextVectors[];
  /** What made the codes of tokens among the vectors; undefined: they are left out. */
  readonly tokensVersion: string | undefined;
}

/** The points of a version, of its artifacts alone: the same ones whenever and for whichever generation they are made. */
export function* documentPoints(source: PointSource): Generator<IndexPoint> {
  const { title, language, chunks } = source.chunked;
  const vocabulary = documentVocabulary({ title, language, chunks });
  for (const [place, chunk] of chunks.entries()) {
    const { dense, tokenCodes: codes } = source.vectors[chunk.ordinal] as TextVectors;
    const tokenCodes = codes === undefined || source.tokensVersion === undefined ? undefined : { version: source.tokensVersion, codes };
    yield toPoint(source, chunk, vocabulary[place] as ChunkVocabulary, { dense, tokenCodes });
  }
}

/** Of one chunk; codes where the deployment keeps them and the tenant wants them. */
interface PointVectors {
  readonly dense: Float32Array;
  readonly tokenCodes: TokenCodes | undefined;
}

function toPoint({ tenant, document, specification, policies, visible, visibleFrom, visibleUntil, ingestedAt, recut, chunked: { title, language } }: PointSource, chunk: Chunk, vocabulary: ChunkVocabulary, { dense, tokenCodes }: PointVectors): IndexPoint {
  return {
    id: pointIdOf(document.versionId, chunk.ordinal, recut),
    dense,
    sparse: documentSparseVector({ title, headings: chunk.headings, text: chunk.text, language }),
    vocabulary,
    payload: {
      tenant,
      document: document.documentId,
      version: document.versionId,
      sequence: document.sequence,
      visible,
      ...(visibleFrom === undefined ? {} : { visibleFrom }),
      ...(visibleUntil === undefined ? {} : { visibleUntil }),
      title,
      source: specification.source,
      tags: specification.tags,
      policies,
      metadata: specification.metadata,
      ingestedAt,
      ...(language === undefined ? {} : { language }),
      ...(recut === null ? {} : { recut }),
      chunk,
      ...(tokenCodes === undefined ? {} : { tokenCodes }),
    },
  };
}
