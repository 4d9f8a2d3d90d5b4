import { CatalystError } from '../contracts/errors.ts';
import { canonicalJson, digestOf } from '../contracts/identifiers.ts';
import type { Principal } from '../contracts/principal.ts';
import type { SearchRequest } from '../contracts/search.ts';
import type { ChunkPayload } from '../ports/vectorIndex.ts';

/** Passages that earlier pages showed, in order. They are named by document and place, so that a new version of a passage is the same one. */
export class ShownPassages {
  readonly #keys: string[];
  readonly #set: Set<string>;
  readonly #documents = new Map<string, number>();
  /** Results on earlier pages; joined passages are one result. */
  readonly results: number;

  constructor(keys: readonly string[] = [], results = 0) {
    this.#keys = [...keys];
    this.#set = new Set(keys);
    this.results = results;
    for (const key of keys) this.#documents.set(documentPart(key), (this.#documents.get(documentPart(key)) ?? 0) + 1);
  }

  get size(): number {
    return this.#keys.length;
  }

  has(payload: ChunkPayload): boolean {
    return this.#set.has(keyOf(payload));
  }

  /** How many passages of the document were shown. */
  ofDocument(documentId: string): number {
    return this.#documents.get(documentPart(documentId.replaceAll('-', ''))) ?? 0;
  }

  with(payloads: readonly ChunkPayload[], results: number): ShownPassages {
    return new ShownPassages([...this.#keys, ...payloads.map(keyOf)], this.results + results);
  }

  /** Six bytes of the document's id and two of the ordinal each. */
  toBytes(): Buffer {
    return Buffer.from(this.#keys.join(''), 'hex');
  }
}

/** Passages on all pages of one search together: more of a ranked list is not read, and the cursor would grow without bound. */
export const mostShown = 1000;

const documentDigits = 12;
const keyDigits = 16;
const searchDigits = 16;

function keyOf(payload: ChunkPayload): string {
  return documentPart(payload.document.replaceAll('-', '')) + (payload.chunk.ordinal % 65_536).toString(16).padStart(4, '0');
}

function documentPart(hexadecimal: string): string {
  return hexadecimal.slice(0, documentDigits);
}

/** An opaque text: which search it belongs to, how many results were shown, and which passages. */
export function writeCursor(principal: Principal, request: SearchRequest, shown: ShownPassages): string {
  const results = Buffer.alloc(2);
  results.writeUInt16BE(shown.results);
  return Buffer.concat([Buffer.from(searchDigest(principal, request), 'hex'), results, shown.toBytes()]).toString('base64url');
}

/** Throws INVALID_REQUEST for what is no cursor, or that of another search. */
export function readCursor(principal: Principal, request: SearchRequest): ShownPassages {
  if (request.cursor === undefined) return new ShownPassages();
  const bytes = Buffer.from(request.cursor, 'base64url');
  const text = bytes.toString('hex');
  const headDigits = searchDigits + 4;
  const keys = text.slice(headDigits).match(new RegExp(`[0-9a-f]{${keyDigits}}`, 'g')) ?? [];
  const isWhole = text.length >= headDigits && (text.length - headDigits) % keyDigits === 0 && bytes.toString('base64url') === request.cursor;
  if (!isWhole || keys.length > mostShown + 100) throw invalid('is not a cursor that a search has given');
  if (text.slice(0, searchDigits) !== searchDigest(principal, request)) throw invalid('belongs to another search: everything but "limit" must be as it was for the page before');
  return new ShownPassages(keys, bytes.readUInt16BE(searchDigits / 2));
}

/** Page size and what is told about results may change between pages; what decides about the order may not. */
function searchDigest({ tenant }: Principal, request: SearchRequest): string {
  const { cursor: _cursor, limit: _limit, explain: _explain, receipt: _receipt, ...rest } = request;
  return digestOf(canonicalJson({ tenant, ...rest })).replace(/^sha256:/, '').slice(0, searchDigits);
}

function invalid(detail: string): CatalystError {
  return new CatalystError('INVALID_REQUEST', 'The cursor cannot be used.', { problems: [{ pointer: '/cursor', code: 'invalid_cursor', detail }] });
}
