import { createReadStream } from 'node:fs';
import { basename } from 'node:path';
import { lookup } from 'mime-types';

/** What can be uploaded: the path of a file, a Blob or File, or any stream of bytes. */
export type UploadContent = string | Blob | ReadableStream<Uint8Array> | AsyncIterable<Uint8Array>;

export interface UploadOptions {
  /** Needed for streams; otherwise the name of the file. */
  readonly fileName?: string | undefined;
  /** Without it, told by the file name. */
  readonly mediaType?: string | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Called with the bytes sent so far. */
  readonly onProgress?: ((bytes: number) => void) | undefined;
}

export interface UploadSource {
  readonly fileName: string;
  readonly mediaType: string;
  /** Opens the content; more than once only where `replayable`. */
  readonly open: () => AsyncIterable<Uint8Array>;
  readonly replayable: boolean;
}

export function uploadSourceOf(content: UploadContent, options: UploadOptions): UploadSource {
  const fileName = options.fileName ?? nameOf(content);
  const mediaType = options.mediaType ?? (blobTypeOf(content) || lookup(fileName) || 'application/octet-stream');
  if (typeof content === 'string') return { fileName, mediaType, replayable: true, open: () => createReadStream(content) };
  if (content instanceof Blob) return { fileName, mediaType, replayable: true, open: () => content.stream() };
  return { fileName, mediaType, replayable: false, open: () => content };
}

function nameOf(content: UploadContent): string {
  if (typeof content === 'string') return basename(content);
  return content instanceof File ? content.name : 'upload';
}

function blobTypeOf(content: UploadContent): string {
  return content instanceof Blob ? content.type : '';
}
