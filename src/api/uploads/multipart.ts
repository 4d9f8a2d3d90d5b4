import type { Readable } from 'node:stream';
import busboy from 'busboy';
import type { Request } from 'express';
import { CatalystError, toCatalystError } from '../../contracts/errors.ts';
import { invalidRequest } from '../parseInput.ts';
import { pointerTo } from '../problems/pointer.ts';
import { safeFileName, safeMediaType } from './fileName.ts';

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
  const pending: Promise<Result>[] = [];
  parser.on('file', (_field, body, { filename, mimeType }) => {
    // A stream that breaks before its turn must not end the process; whoever reads it learns of it.
    body.on('error', () => undefined);
    const file = { index: pending.length, fileName: safeFileName(filename), mediaType: safeMediaType(mimeType), body };
    const previous = pending.at(-1) ?? Promise.resolve();
    const result = previous.then(() => receive(file));
    result.catch((error: unknown) => parser.destroy(toCatalystError(error)));
    pending.push(result);
  });
  const failure = await readToEnd(request, parser);
  const settled = await Promise.allSettled(pending);
  return { results: settled.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : [])), failure };
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

/** Not stream.pipeline: on failure that would destroy the request, and with it the way to answer. */
function readToEnd(request: Request, parser: busboy.Busboy): Promise<CatalystError | undefined> {
  return new Promise((resolve) => {
    let failure: CatalystError | undefined;
    parser.on('error', (error: Error) => {
      failure ??= error instanceof CatalystError ? error : new CatalystError('INVALID_REQUEST', 'The multipart body is malformed or was cut short.', { cause: error });
      parser.destroy();
    });
    parser.once('close', () => {
      resolve(failure);
    });
    request.once('close', () => {
      if (!request.readableEnded) parser.destroy(new Error('the caller left'));
    });
    request.pipe(parser);
  });
}
