import { Readable } from 'node:stream';
import { deletionSchema } from '../../contracts/deletions.ts';
import type { Deletion } from '../../contracts/deletions.ts';
import { labelChangeSchema } from '../../contracts/labels.ts';
import type { LabelChange } from '../../contracts/labels.ts';
import { artifactLinkSchema, documentHistorySchema, documentsPageSchema, storedDocumentSchema } from '../../contracts/library.ts';
import type { ArtifactLinkAnswer, DocumentHistory, StoredDocument, VersionArtifactKind } from '../../contracts/library.ts';
import { pathOf, withQuery } from '../calls.ts';
import type { CallOptions, Calls, PageOptions } from '../calls.ts';

export interface ListStoredDocumentsOptions extends PageOptions {
  readonly sourceId?: string | undefined;
  /** Those that were deleted instead. */
  readonly deleted?: boolean | undefined;
}

/** What is in the index, and how it came there. */
export class DocumentsResource {
  private readonly calls: Calls;

  constructor(calls: Calls) {
    this.calls = calls;
  }

  list(options: ListStoredDocumentsOptions = {}): AsyncGenerator<StoredDocument, void, undefined> {
    return this.calls.list('/v1/documents', { sourceId: options.sourceId, deleted: options.deleted?.toString() }, documentsPageSchema, ({ documents }) => documents, options);
  }

  get(documentId: string, options: CallOptions = {}): Promise<StoredDocument> {
    return this.calls.get(pathOf('documents', documentId), storedDocumentSchema, options);
  }

  /** Every version, request and deletion, newest first. */
  history(documentId: string, options: CallOptions = {}): Promise<DocumentHistory> {
    return this.calls.get(pathOf('documents', documentId, 'history'), documentHistorySchema, options);
  }

  /**
   * The bytes of an artifact as they come; of the visible version unless one is named. What breaks on the way, such as content that does
   * not match its digest, fails the stream with CatalystApiError: what came until then is not the artifact.
   */
  async artifact(documentId: string, kind: VersionArtifactKind, options: CallOptions & { readonly versionId?: string | undefined } = {}): Promise<Readable> {
    const path = withQuery(pathOf('documents', documentId, 'artifacts', kind), { version: options.versionId });
    return Readable.from(await this.calls.transport.download(path, options.signal), { objectMode: false });
  }

  /** A link to the artifact's bytes that needs no token and lives for minutes. Send its `headers` with the request. */
  artifactLink(documentId: string, kind: VersionArtifactKind, { versionId, expiresInSeconds, ...options }: CallOptions & { readonly versionId?: string | undefined; readonly expiresInSeconds?: number | undefined } = {}): Promise<ArtifactLinkAnswer> {
    return this.calls.send('POST', pathOf('documents', documentId, 'artifacts', kind, 'links'), { version: versionId, expiresInSeconds }, artifactLinkSchema, options, 'always');
  }

  /** Who may see these documents, up to 1,000 of them: all of these labels must be held. null: as the ingestion says. */
  setLabels(documents: readonly string[], labels: readonly string[] | null, options: CallOptions = {}): Promise<LabelChange> {
    return this.calls.send('POST', '/v1/documents/labels', { documents, labels }, labelChangeSchema, options);
  }

  delete(documentId: string, options: CallOptions = {}): Promise<Deletion> {
    return this.calls.send('DELETE', pathOf('documents', documentId), undefined, deletionSchema, options, 'unlessTaken');
  }
}
