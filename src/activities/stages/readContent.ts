import type { ArtifactReference } from '../../contracts/artifacts.ts';
import { CatalystError } from '../../contracts/errors.ts';
import type { FetchRecord } from '../../contracts/fetched.ts';
import type { Origin } from '../../contracts/specification.ts';
import type { ActivityDependencies } from '../dependencies.ts';
import { withTenantFetch } from './tenantFetches.ts';

/** What is known of a document's bytes beside them. */
export interface ContentDescription {
  readonly mediaType?: string | undefined;
  readonly fileName?: string | undefined;
  readonly url?: string | undefined;
  /** Title that came with the document from its source. */
  readonly sourceTitle?: string | undefined;
  readonly fetched?: FetchRecord | undefined;
}

/** Where a document's bytes are: stored, or read just now from elsewhere. */
export type Content = ContentDescription & ({ readonly stored: ArtifactReference } | { readonly bytes: Uint8Array });

type ContentDependencies = Pick<ActivityDependencies, 'artifacts' | 'sources' | 'documents' | 'limiter' | 'settings'>;

/**
 * Finds the bytes of a document. A page that was fetched before is asked for only if it has changed; where it has not, its stored bytes serve.
 * An artifact named by address stays where it is: its bytes are read for their digest.
 */
export async function readContent(dependencies: ContentDependencies, tenant: string, documentId: string, origin: Origin, signal: AbortSignal): Promise<Content> {
  switch (origin.type) {
    case 'stored':
      return { stored: origin.reference, mediaType: origin.mediaType ?? origin.reference.mediaType, fileName: origin.fileName, url: origin.url, sourceTitle: origin.title, fetched: origin.fetched };
    case 'artifact': {
      const { mediaType } = await dependencies.artifacts.describe(tenant, origin.uri);
      const bytes = await dependencies.artifacts.getObject(tenant, origin.uri, dependencies.settings.maximumDocumentBytes);
      return { bytes, mediaType: origin.mediaType ?? mediaType, fileName: fileNameOf(origin.uri) };
    }
    case 'url':
      return fetchPage(dependencies, tenant, documentId, origin.url, signal);
  }
}

async function fetchPage(dependencies: ContentDependencies, tenant: string, documentId: string, url: string, signal: AbortSignal): Promise<Content> {
  const before = await dependencies.documents.findFetched(tenant, documentId);
  const validators = before === undefined ? undefined : { etag: before.fetched.etag, lastModified: before.fetched.lastModified };
  const fetched = await withTenantFetch(dependencies, tenant, signal, () => dependencies.sources.read(url, signal, validators));
  const { record } = fetched;
  const description = { fileName: fileNameOf(new URL(record.finalUrl).pathname), url: record.finalUrl, fetched: record };
  if (!('notModified' in fetched)) return { ...description, bytes: fetched.bytes, mediaType: fetched.mediaType, sourceTitle: fetched.title };
  if (before === undefined) throw new CatalystError('FETCH_FAILED', `${url} says that it is not modified, though it was not asked.`);
  return { ...description, stored: before.raw, mediaType: before.raw.mediaType };
}

export function checkSize({ settings }: Pick<ActivityDependencies, 'settings'>, bytes: number): void {
  if (bytes === 0) throw new CatalystError('EMPTY_DOCUMENT', 'The document has no bytes.');
  if (bytes > settings.maximumDocumentBytes) throw new CatalystError('DOCUMENT_TOO_LARGE', `The document has ${bytes} bytes; the limit is ${settings.maximumDocumentBytes}.`);
}

function fileNameOf(path: string): string | undefined {
  const name = path.split('/').at(-1);
  return name === undefined || name === '' ? undefined : name;
}
