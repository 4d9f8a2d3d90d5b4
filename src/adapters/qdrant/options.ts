import type { EmbeddingContract } from '../../contracts/embedding.ts';

export interface QdrantConnection {
  /** Address of the REST interface, for example `http://127.0.0.1:6333`. */
  readonly url: string;
  readonly apiKey?: string | undefined;
  /** Milliseconds a request may take, connecting included. */
  readonly requestTimeoutMs: number;
  /** Connections kept open to the server; more requests than that wait their turn. */
  readonly connections?: number | undefined;
}

export interface QdrantIndexOptions extends QdrantConnection {
  /** The name that reads and writes use; it points at one generation. */
  readonly alias: string;
  /** Tenants that are read and written by an alias of their own. Default: none. */
  readonly dedicatedTenants?: readonly string[] | undefined;
  /** What the vectors of a generation are made by, where a start has to make the first one. */
  readonly contract: EmbeddingContract;
  /** What they may be made by as well: of a model that the index is being changed to, or was before. */
  readonly otherContracts?: readonly EmbeddingContract[] | undefined;
  /** Production: the development server of the local stack is no store to rely on. Default: false. */
  readonly refuseDevelopmentServer?: boolean | undefined;
  /** Term statistics of the tenant alone rather than of the whole generation (Qdrant 1.19 and later). Default: true. */
  readonly statisticsPerTenant?: boolean | undefined;
}
