import type { Chunk, ChunkedDocument } from '../../contracts/chunks.ts';
import { digestOfJson, pointIdOf } from '../../contracts/identifiers.ts';
import type { Digest } from '../../contracts/identifiers.ts';
import type { EmbeddedArtifact } from '../../contracts/ingestion.ts';
import type { DocumentSpecification } from '../../contracts/specification.ts';
import type { Embedder } from '../../ports/embedder.ts';
import type { IndexPoint, TokenCodes } from '../../ports/vectorIndex.ts';
import { documentSparseVector, sparseVersion } from '../../retrieval/sparse/sparseVector.ts';
import { documentVocabulary, vocabularyVersion } from '../../retrieval/vocabulary/documentVocabulary.ts';
import type { ChunkVocabulary } from '../../retrieval/vocabulary/documentVocabulary.ts';
import { vectorsVersion } from '../embedding/textVectors.ts';
import type { TextVectors } from '../embedding/textVectors.ts';

/** To be raised with every change of what is stored of a chunk, here or where the index puts it into its own form: then the audit does not compare what another release wrote. */
export const pointsVersion = 1;

/** Equal for two processes that would write the same points of the same artifacts. */
export function pointsMadeBy({ embedder }: { readonly embedder: Pick<Embedder, 'contract' | 'tokenVectors'> }): Digest {
  return digestOfJson([pointsVersion, sparseVersion, vocabularyVersion, vectorsVersion(embedder)]);
}

export interface PointSource {
  readonly tenant: string;
  readonly document: Pick<EmbeddedArtifact, 'documentId' | 'versionId' | 'sequence'>;
  /** Without the personal data that is not to be indexed. */
  readonly specification: Pick<DocumentSpecification, 'source' | 'tags' | 'policies' | 'metadata'>;
  /** RFC 3339. */
  readonly ingestedAt: string;
  /** Version of the codes of tokens that the vectors carry, where they do. */
  readonly tokensVersion: string | undefined;
}

/** The points of a version, invisible. `chunked`: with the passages that may be searched alone; `vectors`: of all passages, by ordinal. */
export function* versionPoints(source: PointSource, { title, language, chunks }: ChunkedDocument, vectors: readonly TextVectors[]): Generator<IndexPoint> {
  const vocabulary = documentVocabulary({ title, language, chunks });
  for (const [place, chunk] of chunks.entries()) {
    const { dense, tokenCodes } = vectors[chunk.ordinal] as TextVectors;
    const { tokensVersion } = source;
    const codes = tokenCodes === undefined || tokensVersion === undefined ? undefined : { version: tokensVersion, codes: tokenCodes };
    yield toPoint(source, { title, language }, chunk, vocabulary[place] as ChunkVocabulary, { dense, tokenCodes: codes });
  }
}

/** Of one chunk; codes where the deployment keeps them and the tenant wants them. */
interface PointVectors {
  readonly dense: Float32Array;
  readonly tokenCodes: TokenCodes | undefined;
}

function toPoint({ tenant, document, specification, ingestedAt }: PointSource, { title, language }: Pick<ChunkedDocument, 'title' | 'language'>, chunk: Chunk, vocabulary: ChunkVocabulary, { dense, tokenCodes }: PointVectors): IndexPoint {
  return {
    id: pointIdOf(document.versionId, chunk.ordinal),
    dense,
    sparse: documentSparseVector({ title, headings: chunk.headings, text: chunk.text, language }),
    vocabulary,
    payload: {
      tenant,
      document: document.documentId,
      version: document.versionId,
      sequence: document.sequence,
      visible: false,
      title,
      source: specification.source,
      tags: specification.tags,
      policies: specification.policies,
      metadata: specification.metadata,
      ingestedAt,
      ...(language === undefined ? {} : { language }),
      chunk,
      ...(tokenCodes === undefined ? {} : { tokenCodes }),
    },
  };
}
