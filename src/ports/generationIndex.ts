import type { EmbeddingContract } from '../contracts/embedding.ts';
import type { PhysicalStatistics } from '../contracts/generations.ts';
import type { IndexSettings } from '../contracts/indexSettings.ts';
import type { ComparedSearch } from '../contracts/recall.ts';
import type { Recut } from '../contracts/recut.ts';
import type { DocumentPoints, IndexPoint } from './vectorIndex.ts';

/** `recut`: whose passages it is shown with; null: those that it came with. */
export interface CutVersion {
  readonly versionId: string;
  readonly recut: string | null;
}

/** The collections behind the alias, each by its own name. For changes of the index alone: searches and ingestion know the alias only. Throws INDEX_UNAVAILABLE and INDEX_REJECTED. */
export interface GenerationIndex {
  readonly alias: string;
  /** Tenants that are to have a collection of their own. */
  readonly dedicatedTenants: readonly string[];
  /** The alias that is the tenant's own, or would be; null: the shared one. Names of generations begin with it. */
  aliasOf(tenant: string | null): string;
  /** The generation that the alias of the tenant leads to, or the shared one where it has none. */
  serving(tenant?: string | null): Promise<string | undefined>;
  /** The contract that a generation was made with; undefined where there is no such generation. */
  contractOf(generation: string): Promise<EmbeddingContract | undefined>;
  /** By which its passages were cut anew; null: they are as they came. Undefined where there is no such generation. */
  recutOf(generation: string): Promise<Recut | null | undefined>;
  /** Makes an empty generation; one that is there stays as it is. `tenant`: whose own; default: shared. */
  create(generation: string, contract: EmbeddingContract, settings: IndexSettings, tenant?: string | null, recut?: Recut | null): Promise<void>;
  /** What `create` makes a generation with, for the record. */
  describe(settings: IndexSettings): Record<string, unknown>;
  /** What a generation was made with; undefined where there is none. */
  settingsOf(generation: string): Promise<IndexSettings | undefined>;
  /** For so many points, chosen at random, their neighbours among those of their tenant: compared with all, and as searches find them. */
  compareSearches(generation: string, points: number, limit: number): Promise<ComparedSearch[]>;
  write(generation: string, points: readonly IndexPoint[]): Promise<void>;
  /** Removes all points of these documents but those of the versions named, each as it is cut. */
  keepOnly(generation: string, tenant: string, documentIds: readonly string[], versions: readonly CutVersion[]): Promise<void>;
  /** Points of each tenant; a tenant without points is left out. */
  countByTenant(generation: string, tenants: number): Promise<{ readonly tenant: string; readonly points: number }[]>;
  /** One digest a point, of vectors and payload, by point id. When it was written into the index is not compared. */
  digestVersion(generation: string, tenant: string, version: { readonly documentId: string; readonly versionId: string }): Promise<ReadonlyMap<string, string>>;
  statistics(generation: string): Promise<PhysicalStatistics | undefined>;
  /**
   * Has the alias of the tenant lead to the generation. Null: the shared alias, those of tenants that have none but shared points, and those of
   * the tenants that come back, all in one step. Safe to repeat.
   */
  pointAliasAt(generation: string, tenant: string | null, returning?: readonly string[]): Promise<void>;
  /** Removes all points of these documents up to each one's sequence, whether the generation serves or not. */
  removeDocuments(generation: string, tenant: string, documents: readonly DocumentPoints[]): Promise<void>;
  /** Removes all points of a tenant from a generation that does not serve it; answers how many they were. */
  removeTenant(generation: string, tenant: string): Promise<number>;
  /** Refuses, with INDEX_REJECTED, one that an alias leads to. */
  drop(generation: string): Promise<void>;
}
