import type { DumpedTable, RegistryDump, Restore, RestoreReport, RestoreScope } from '../contracts/backups.ts';
import type { Failure } from '../contracts/failure.ts';
import type { EmbeddingContract } from '../contracts/embedding.ts';
import type { Recut } from '../contracts/recut.ts';
import type { FillCursor } from './generationRegistry.ts';

/** A table while its rows are read. */
export interface TableRows {
  readonly name: string;
  readonly columns: readonly string[];
  /** Each row as one line. */
  readonly lines: AsyncIterable<string>;
}

export interface RegistryDumper {
  /** All tables of one moment, one after the other; `take` reads each to its end and tells what it kept. Throws REGISTRY_UNAVAILABLE. */
  dump(take: (table: TableRows) => Promise<DumpedTable>): Promise<RegistryDump>;
  /** Tables with rows that a restore would not replace; none: it may begin. */
  occupied(): Promise<string[]>;
  close(): Promise<void>;
}

export interface RestoreRegistry {
  begin(scope: RestoreScope): Promise<void>;
  find(id: string): Promise<Restore | undefined>;
  list(limit: number): Promise<Restore[]>;
  report(id: string, report: Partial<RestoreReport>): Promise<void>;
  finish(id: string): Promise<void>;
  /** Also one that was refused before it began. */
  fail(scope: RestoreScope, failure: Failure): Promise<void>;
  /** What is applied, in order. */
  migrations(): Promise<string[]>;
  /**
   * The rows of the tables in one transaction, in which they are compared with what was dumped. Tables that this restore has brought back
   * already stay as they are. Throws BACKUP_CORRUPT where they do not fit, RESTORE_REFUSED where somebody else has written rows.
   */
  restoreTables(id: string, tables: readonly DumpedTable[], linesOf: (table: DumpedTable) => AsyncIterable<string>): Promise<void>;
  /** Tables in an order in which none comes before one that it refers to; those in one group belong together. */
  inOrder(tables: readonly DumpedTable[]): Promise<DumpedTable[][]>;
  setSequences(sequences: Readonly<Record<string, string>>): Promise<void>;
  /** Has work that was not finished be started, and tells all processes that everything may have changed. */
  resume(id: string): Promise<RestoreReport['resumed']>;
  readCursor(id: string): Promise<FillCursor | undefined>;
  writeCursor(id: string, cursor: FillCursor): Promise<void>;
  /** Records that this generation serves, whatever was known before, and what is no longer there. */
  adoptServing(serving: { readonly id: string; readonly contract: EmbeddingContract; readonly recut: Recut | null; readonly settings: Record<string, unknown> }, lost: readonly string[]): Promise<void>;
  /** No more changes are kept for the generation that serves. */
  unfollow(generation: string): Promise<void>;
}
