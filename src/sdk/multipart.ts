import { randomBytes } from 'node:crypto';
import { unreadableContent } from './apiError.ts';
import type { RequestBody } from './transport.ts';

export interface FilePart {
  readonly fileName: string;
  readonly mediaType: string;
  /** Opened only once sending has begun, so that a refused connection leaves no file open. */
  readonly open: () => AsyncIterable<Uint8Array>;
}

/** A multipart/form-data body of one file, made as it is sent: memory does not grow with the file. */
export function multipartBody(part: FilePart, onBytes: (bytes: number) => void): RequestBody {
  const boundary = `catalyst-${randomBytes(18).toString('hex')}`;
  return { contentType: `multipart/form-data; boundary=${boundary}`, content: encode(part, boundary, onBytes) };
}

async function* encode(part: FilePart, boundary: string, onBytes: (bytes: number) => void): AsyncGenerator<Uint8Array> {
  const head = `--${boundary}\r\nContent-Disposition: form-data; name="file"; filename="${escapeName(part.fileName)}"\r\nContent-Type: ${part.mediaType}\r\n\r\n`;
  yield Buffer.from(head, 'utf8');
  for await (const chunk of readable(part)) {
    yield chunk;
    onBytes(chunk.byteLength);
  }
  yield Buffer.from(`\r\n--${boundary}--\r\n`, 'utf8');
}

/** The content; what fails in reading it must not look like a failure of the API. */
async function* readable(part: FilePart): AsyncGenerator<Uint8Array> {
  try {
    yield* part.open();
  } catch (error) {
    throw unreadableContent(part.fileName, error);
  }
}

/** As browsers escape names in form data. */
function escapeName(name: string): string {
  return name.replaceAll('"', '%22').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}
