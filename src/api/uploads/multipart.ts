import type { Readable } from 'node:stream';
import busboy from 'busboy';
import type { Request } from 'express';
import { CatalystError, toCatalystError } from '../../contracts/errors.ts';
import { invalidRequest } from '../parseInput.ts';
import { pointerTo } from '../problems/pointer.ts';
import { safeFileName, safeMediaType } from './fileName.ts';
import { createOpenBodies } from './openBodies.ts';
import type { OpenBodies } from './openBodies.ts';

export interface IncomingFile {
  readonly index: number;
  readonly fileName: string;
  readonly mediaType: string;
  readonly body: Readable;
}

export interface ReceivedFiles<Result> {
  /** What `receive` made of each file that it got to the end of, in order. */
  readonly results: readonly Result[];
  /** Why the request as a whole failed: malformed, cut short, too many files, unknown fields, or the first error of `receive`. */
  readonly failure: CatalystError | undefined;
}

export const maximumFilesPerRequest = 100;

/**
 * Hands out the files of a multipart request one after the other, as they arrive. The parser stands still while nobody
 * reads a file, so memory does not grow with it. Resolves once nothing of the request is in work any more, so that the
 * caller can clean up after a failure. Throws UNSUPPORTED_MEDIA_TYPE, or INVALID_REQUEST where there is no boundary.
 */
export async function receiveFiles<Result>(request: Request, receive: (file: IncomingFile) => Promise<Result>): Promise<ReceivedFiles<Result>> {
  const parser = createParser(request);
  const bodies = createOpenBodies();
  const pending: Promise<Result>[] = [];
  parser.on('file', (_field, body, { filename, mimeType }) => {
    if (parser.destroyed || bodies.any()) parser.destroy(malformed('a file begins where none may'));
    bodies.add(body);
    const file = { index: pending.length, fileName: safeFileName(filename), mediaType: safeMediaType(mimeType), body };
    const previous = pending.at(-1) ?? Promise.resolve();
    const result = previous.then(() => receive(file));
    result.catch((error: unknown) => parser.destroy(toCatalystError(error)));
    pending.push(result);
  });
  const failure = await readToEnd(request, parser, bodies);
  const settled = await Promise.allSettled(pending);
  // A small file is read to its end before it can fail: the parser, long closed by then, takes no error any more.
  const refused = settled.find((result) => result.status === 'rejected');
  return {
    results: settled.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : [])),
    failure: failure ?? (refused === undefined ? undefined : toCatalystError(refused.reason)),
  };
}

function createParser(request: Request): busboy.Busboy {
  if (!request.is('multipart/form-data')) throw new CatalystError('UNSUPPORTED_MEDIA_TYPE', 'This resource takes multipart/form-data with one part for each file.');
  const parser = openParser(request);
  parser.on('field', (name) => {
    parser.destroy(invalidRequest([{ pointer: pointerTo('', [name]), code: 'unknown_field', detail: `There is no field "${name}" here; send files only, each with a file name.` }]));
  });
  parser.on('filesLimit', () => {
    parser.destroy(new CatalystError('PAYLOAD_TOO_LARGE', `A request takes at most ${maximumFilesPerRequest} files.`));
  });
  return parser;
}

function openParser(request: Request): busboy.Busboy {
  try {
    return busboy({ headers: request.headers, defParamCharset: 'utf8', limits: { files: maximumFilesPerRequest, fieldSize: 1024, fieldNameSize: 200 } });
  } catch (error) {
    throw new CatalystError('INVALID_REQUEST', 'The Content-Type of the multipart body is malformed; it needs a boundary.', { cause: error });
  }
}

/**
 * Neither stream.pipeline, which on failure destroys the request and with it the way to answer, nor pipe: only by writing
 * piece by piece is it known when busboy has seen all, and a file that is open then will never end.
 */
async function readToEnd(request: Request, parser: busboy.Busboy, bodies: OpenBodies): Promise<CatalystError | undefined> {
  let failure: CatalystError | undefined;
  parser.on('error', (error: Error) => {
    failure ??= error instanceof CatalystError ? error : malformed(error);
    parser.destroy();
  });
  const closed = new Promise<void>((resolve) => parser.once('close', resolve));
  try {
    for await (const chunk of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
      if (parser.destroyed) break;
      await write(parser, chunk);
    }
    if (bodies.any()) parser.destroy(malformed('a file does not end'));
    else parser.end();
  } catch (error) {
    parser.destroy(malformed(error));
  }
  await closed;
  bodies.destroy();
  return failure;
}

/** Resolves once the piece is taken in, or never will be. */
function write(parser: busboy.Busboy, chunk: Buffer): Promise<void> {
  return new Promise((resolve) => {
    parser.once('close', resolve);
    parser.write(chunk, () => {
      parser.off('close', resolve);
      resolve();
    });
  });
}

function malformed(cause: unknown): CatalystError {
  return new CatalystError('INVALID_REQUEST', 'The multipart body is malformed or was cut short.', { cause });
}
