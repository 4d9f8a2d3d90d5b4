import type { DocumentHistory, DocumentsPage, DocumentVersion, StoredDocument } from '../contracts/library.ts';

/** Whose documents, and by which labels: those that a caller holds, or, for work of the tenant itself, all. */
export interface LibraryReader {
  readonly tenant: string;
  readonly policies: readonly string[] | 'all';
}

/** What a tenant may ask about its documents; an id that is foreign, or of a document whose labels the reader does not hold, is as unknown as a missing one. Throws REGISTRY_UNAVAILABLE. */
export interface Library {
  list(reader: LibraryReader, filter: { readonly sourceId?: string | undefined; readonly deleted?: boolean | undefined }, cursor: string | undefined, limit: number): Promise<DocumentsPage>;
  find(reader: LibraryReader, documentId: string): Promise<StoredDocument | undefined>;
  history(reader: LibraryReader, documentId: string): Promise<DocumentHistory | undefined>;
  /** The visible version where none is named. One that was replaced also takes the labels that it was ingested with. */
  findVersion(reader: LibraryReader, documentId: string, versionId: string | undefined): Promise<DocumentVersion | undefined>;
}
