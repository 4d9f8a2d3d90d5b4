import { Readable } from 'node:stream';
import type { Request } from 'express';
import { CatalystError } from '../../contracts/errors.ts';
import { newIdentifier } from '../../contracts/identifiers.ts';
import type { Principal } from '../../contracts/principal.ts';
import type { RefusedFile, UploadsResponse } from '../../contracts/uploads.ts';
import type { StoredUpload } from '../../ports/uploadRegistry.ts';
import type { ApiDependencies } from '../dependencies.ts';
import { invalidRequest } from '../parseInput.ts';
import { receiveFiles } from './multipart.ts';
import type { IncomingFile } from './multipart.ts';

type UploadDependencies = Pick<ApiDependencies, 'artifacts' | 'uploads' | 'limits'>;
type Outcome = { readonly stored: StoredUpload } | { readonly refused: RefusedFile };

/**
 * Streams the files of the request to the artifact store and records them once all have arrived whole: a request that
 * breaks off or fails leaves nothing recorded, and its objects are removed. Empty files are refused, the others stand.
 * Throws DOCUMENT_TOO_LARGE, EMPTY_DOCUMENT where all are empty, INVALID_REQUEST, UNSUPPORTED_MEDIA_TYPE and the stores' outages.
 */
export async function storeUploads(dependencies: UploadDependencies, principal: Principal, request: Request): Promise<UploadsResponse> {
  const { artifacts, uploads: registry } = dependencies;
  const { results, failure } = await receiveFiles(request, (file) => storeFile(dependencies, principal.tenant, file));
  const stored = results.flatMap((outcome) => ('stored' in outcome ? [outcome.stored] : []));
  const refused = results.flatMap((outcome) => ('refused' in outcome ? [outcome.refused] : []));
  // Best effort: an object that stays is named by nothing, and the failure that led here matters more.
  const remove = async (uploads: readonly StoredUpload[]): Promise<void> => {
    if (uploads.length > 0) await artifacts.deleteObjects(principal.tenant, uploads.map((upload) => upload.reference.uri)).catch(() => undefined);
  };
  if (failure !== undefined) {
    await remove(stored);
    throw failure;
  }
  if (stored.length === 0) throw nothingStored(refused);
  for (const [place, upload] of stored.entries()) {
    await registry.record(principal.tenant, upload).catch(async (error: unknown) => {
      // Of a tenant that was suspended or deleted meanwhile nothing more is kept.
      if (error instanceof CatalystError && error.class.status === 403) await remove(stored.slice(place));
      throw error;
    });
  }
  return { uploads: stored.map(({ reference: _reference, ...upload }) => upload), refused };
}

async function storeFile({ artifacts, limits }: UploadDependencies, tenant: string, file: IncomingFile): Promise<Outcome> {
  const { index, fileName, mediaType, body } = file;
  const content = await unlessEmpty(body);
  if (content === undefined) return { refused: { index, fileName, code: 'EMPTY_DOCUMENT', detail: 'The file is empty.' } };
  const id = newIdentifier();
  const reference = await artifacts.putStream(tenant, id, content, mediaType, limits.maximumUploadBytes);
  return { stored: { id, fileName, mediaType, bytes: reference.length, digest: reference.digest, createdAt: new Date().toISOString(), reference } };
}

/** The body again once it is known to have bytes; undefined where it has none. */
async function unlessEmpty(body: Readable): Promise<Readable | undefined> {
  const chunks = (body as AsyncIterable<Buffer>)[Symbol.asyncIterator]();
  const first = await chunks.next();
  return first.done === true ? undefined : Readable.from(startingWith(first.value, chunks), { objectMode: false });
}

async function* startingWith(first: Buffer, rest: AsyncIterator<Buffer>): AsyncGenerator<Buffer> {
  yield first;
  yield* { [Symbol.asyncIterator]: () => rest };
}

function nothingStored(refused: readonly RefusedFile[]): CatalystError {
  if (refused.length === 0) return invalidRequest([{ pointer: '/file', code: 'missing_field', detail: 'Send at least one file.' }]);
  const problems = refused.map(({ index, code, detail }) => ({ pointer: `/files/${index}`, code, detail }));
  return new CatalystError('EMPTY_DOCUMENT', refused.length === 1 ? `The file "${refused[0]?.fileName}" is empty.` : 'All files of the request are empty.', { problems });
}
