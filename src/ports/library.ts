import type { DocumentHistory, DocumentsPage, DocumentVersion, StoredDocument } from '../contracts/library.ts';

/** What a tenant may ask about its documents; a foreign id is as unknown as a missing one. Throws REGISTRY_UNAVAILABLE. */
export interface Library {
  list(tenant: string, filter: { readonly sourceId?: string | undefined; readonly deleted?: boolean | undefined }, cursor: string | undefined, limit: number): Promise<DocumentsPage>;
  find(tenant: string, documentId: string): Promise<StoredDocument | undefined>;
  history(tenant: string, documentId: string): Promise<DocumentHistory | undefined>;
  /** The visible version where none is named. */
  findVersion(tenant: string, documentId: string, versionId: string | undefined): Promise<DocumentVersion | undefined>;
}
