import { pipeline, type Duplex, type Readable } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate, createInflateRaw } from 'node:zlib';
import { CatalystError } from '../../contracts/errors.ts';

export interface BodyLimits {
  readonly url: string;
  readonly maximumBytes: number;
  /** Whether what exceeds the limit is left out, instead of refused. */
  readonly cut?: boolean;
}

const decoders: Readonly<Record<string, (() => Duplex) | undefined>> = {
  gzip: createGunzip,
  'x-gzip': createGunzip,
  deflate: createInflate,
  br: createBrotliDecompress,
};
/** Nobody needs more; each may multiply the size by a thousand. */
const mostEncodings = 2;

/** The body, decompressed, counted while it comes. Throws DOCUMENT_TOO_LARGE, FETCH_FAILED, and what the stream throws. */
export async function readBody(body: Readable, contentEncoding: string | undefined, limits: BodyLimits): Promise<Uint8Array> {
  const encodings = (contentEncoding ?? '').split(',').map((name) => name.trim().toLowerCase()).filter((name) => name !== '' && name !== 'identity');
  const stream = await decode(body, encodings, limits);
  const parts: Uint8Array[] = [];
  let total = 0;
  try {
    for await (const part of stream as AsyncIterable<Uint8Array>) {
      total += part.byteLength;
      if (total > limits.maximumBytes) {
        if (limits.cut !== true) throw tooLarge(limits);
        return Buffer.concat([...parts, part]).subarray(0, limits.maximumBytes);
      }
      parts.push(part);
    }
  } finally {
    stream.destroy();
    body.destroy();
  }
  return Buffer.concat(parts, total);
}

/** Refuses what announces itself as too large. */
export function requireDeclaredSize(contentLength: string | undefined, limits: BodyLimits): void {
  if (contentLength !== undefined && Number(contentLength) > limits.maximumBytes) throw tooLarge(limits);
}

async function decode(body: Readable, encodings: readonly string[], limits: BodyLimits): Promise<Readable> {
  const steps = encodings.map((name) => decoders[name]);
  if (encodings.length > mostEncodings || steps.includes(undefined)) {
    throw new CatalystError('FETCH_FAILED', `${limits.url} answers in an encoding that was not asked for (${encodings.join(', ').slice(0, 100)}).`);
  }
  if (encodings.length === 0) return body;
  // Encodings are listed in the order they were applied, so they are undone from the last.
  if (encodings.at(-1) === 'deflate' && !(await beginsWithZlibHeader(body))) steps[steps.length - 1] = createInflateRaw;
  const streams = [body, ...steps.map((create) => create!()).reverse()];
  // The callback is required; the failure itself reaches whoever reads the last stream.
  return pipeline(streams, () => undefined) as unknown as Readable;
}

/** Some servers leave out the header that "deflate" should have. Nothing is taken from the stream. */
async function beginsWithZlibHeader(body: Readable): Promise<boolean> {
  for await (const chunk of body.iterator({ destroyOnReturn: false }) as AsyncIterable<Uint8Array>) {
    body.unshift(chunk);
    return (chunk[0]! & 0x0f) === 8;
  }
  return true;
}

function tooLarge(limits: BodyLimits): CatalystError {
  return new CatalystError('DOCUMENT_TOO_LARGE', `${limits.url} is larger than the limit of ${limits.maximumBytes} bytes.`);
}
