import { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { CatalystError } from '../../../contracts/errors.ts';
import { decodeText } from '../../../documents/detect/charset.ts';
import type { WebClient } from '../../shared/webClient.ts';
import { readSitemap, type Sitemap } from './readSitemap.ts';

/** The protocol allows 50 MB, unpacked. */
const maximumBytes = 64 * 1024 * 1024;

/** Fetches and reads a sitemap, packed or not. Throws as the client does, and CORRUPT_DOCUMENT for what is no sitemap. */
export async function fetchSitemap(web: WebClient, url: string, signal: AbortSignal): Promise<{ readonly sitemap: Sitemap; readonly bytes: Uint8Array }> {
  const answer = await web.follow(url, { signal, maximumBytes });
  if (answer.type !== 'document') throw new CatalystError('FETCH_FAILED', `${url} delivers no sitemap.`);
  const bytes = await unpack(answer.bytes, url);
  return { sitemap: parseSitemap(bytes, url), bytes };
}

/** Throws CORRUPT_DOCUMENT. */
export function parseSitemap(bytes: Uint8Array, url: string): Sitemap {
  const text = decodeText(bytes, undefined)?.text;
  const sitemap = text === undefined ? undefined : readSitemap(text, url);
  if (sitemap === undefined) throw new CatalystError('CORRUPT_DOCUMENT', `${url} is not a sitemap.`);
  return sitemap;
}

/** By its first bytes: servers name the type of packed sitemaps in many ways. */
async function unpack(bytes: Uint8Array, url: string): Promise<Uint8Array> {
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes;
  const parts: Uint8Array[] = [];
  let total = 0;
  const unpacked: Readable = Readable.from([bytes]).pipe(createGunzip());
  try {
    for await (const part of unpacked as AsyncIterable<Uint8Array>) {
      total += part.byteLength;
      if (total > maximumBytes) throw new CatalystError('DOCUMENT_TOO_LARGE', `${url} unpacks to more than ${maximumBytes} bytes.`);
      parts.push(part);
    }
  } catch (error) {
    throw error instanceof CatalystError ? error : new CatalystError('CORRUPT_DOCUMENT', `${url} is a damaged archive.`, { cause: error });
  }
  return Buffer.concat(parts);
}
