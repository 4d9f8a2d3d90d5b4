import { createHash } from 'node:crypto';
import type { Request } from 'express';
import { digestOf } from '../../contracts/identifiers.ts';
import { uploadsResponseSchema } from '../../contracts/uploads.ts';
import type { UploadsResponse } from '../../contracts/uploads.ts';
import { receiveFiles } from './multipart.ts';
import type { IncomingFile } from './multipart.ts';

const noBytes = digestOf();

/** Whether a request brings the files of an earlier answer: same names, types and contents in the same order. Reads it to its end and stores nothing. */
export async function bringsTheSameFiles(request: Request, answer: string): Promise<boolean> {
  const { uploads, refused } = uploadsResponseSchema.parse(JSON.parse(answer));
  const { results, failure } = await receiveFiles(request, describe);
  if (failure !== undefined) throw failure;
  const stored = results.filter(({ digest }) => digest !== noBytes);
  return JSON.stringify(stored) === JSON.stringify(uploads.map(described)) && results.length === stored.length + refused.length;
}

async function describe({ fileName, mediaType, body }: IncomingFile): Promise<ReturnType<typeof described>> {
  const hash = createHash('sha256');
  for await (const chunk of body as AsyncIterable<Buffer>) hash.update(chunk);
  return { fileName, mediaType, digest: `sha256:${hash.digest('hex')}` };
}

function described({ fileName, mediaType, digest }: UploadsResponse['uploads'][number]): { readonly fileName: string; readonly mediaType: string; readonly digest: string } {
  return { fileName, mediaType, digest };
}
