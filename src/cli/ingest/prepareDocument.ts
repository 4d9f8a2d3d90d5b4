import { readFile } from 'node:fs/promises';
import type { Metadata, Tier } from '../../contracts/documents.ts';
import { unreadableContent } from '../../sdk/apiError.ts';
import type { CatalystClient, DocumentInput } from '../../sdk/client.ts';
import { inlineMediaType } from './fileTypes.ts';
import type { IngestSource } from './sources.ts';

/** What the command line says of all documents. */
export interface SharedAttributes {
  readonly tags: string[];
  readonly metadata: Metadata;
  readonly policies: string[];
  readonly tier?: Tier | undefined;
}

export interface PreparedDocument {
  readonly input: DocumentInput;
  /** Bytes that the document adds to the request. */
  readonly bytes: number;
}

/** Above this a text travels as an upload, so that a request stays small whatever the files are. */
const largestInlineBytes = 64 * 1024;

/** Makes a document of a source: small text inline, anything else by an upload. */
export async function prepareDocument(source: IngestSource, attributes: SharedAttributes, client: CatalystClient, signal: AbortSignal): Promise<PreparedDocument> {
  const { tier, ...others } = attributes;
  const shared = { ...others, ...(tier === undefined ? {} : { tier }) };
  if (source.type === 'url') return { input: { ...shared, url: source.url }, bytes: source.url.length };
  const mediaType = inlineMediaType(source.path);
  if (mediaType !== undefined && source.bytes <= largestInlineBytes) {
    const text = await plainText(source.path);
    if (text !== undefined) return { input: { ...shared, id: source.id, text, mediaType }, bytes: text.length };
  }
  const { id: uploadId } = await client.upload(source.path, { signal });
  return { input: { ...shared, id: source.id, uploadId }, bytes: 200 };
}

/** The text of a file that surely is UTF-8; undefined where the server has to find out the encoding. */
async function plainText(path: string): Promise<string | undefined> {
  const content = await readFile(path).catch((error: unknown) => {
    throw unreadableContent(path, error);
  });
  // Encodings that use ASCII bytes for other things (UTF-16, ISO-2022) show by NUL or ESC.
  if (content.includes(0) || content.includes(0x1b)) return undefined;
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(content);
  } catch {
    return undefined;
  }
}
