import type { ChunkPayload } from '../../ports/vectorIndex.ts';
import { fold } from '../sparse/fold.ts';
import { termIdentifier } from '../sparse/termIdentifier.ts';

/** What a passage says, for comparing it with others. */
export interface Shingles {
  /** Hashes of each three words in a row; of all words where there are fewer. */
  readonly hashes: ReadonlySet<number>;
  /** The lowest hash of each of four orders: passages nearly alike share one of them almost surely (0.9 alike: 0.9999). */
  readonly lowest: readonly number[];
}

const wordsInShingle = 3;
const orders = [0x9e3779b1, 0x85ebca6b, 0xc2b2ae35, 0x27d4eb2f];

/** Payloads stay in memory while they are asked for, and with them what was worked out of them. */
const known = new WeakMap<ChunkPayload, Shingles>();

export function shinglesOf(payload: ChunkPayload): Shingles {
  const remembered = known.get(payload);
  if (remembered !== undefined) return remembered;
  const hashes = hashesOf(payload.chunk.text);
  const made = { hashes, lowest: orders.map((order) => lowestBy(hashes, order)) };
  known.set(payload, made);
  return made;
}

/** Shared shingles by all shingles: 1 for the same text, 0 for nothing in common. */
export function similarity(left: Shingles, right: Shingles): number {
  const [fewer, more] = left.hashes.size < right.hashes.size ? [left.hashes, right.hashes] : [right.hashes, left.hashes];
  let shared = 0;
  for (const hash of fewer) if (more.has(hash)) shared += 1;
  const all = fewer.size + more.size - shared;
  return all === 0 ? 1 : shared / all;
}

function hashesOf(text: string): Set<number> {
  const words = fold(text).match(/[\p{L}\p{N}]+/gu) ?? [];
  const hashes = new Set<number>();
  for (let start = 0; start <= Math.max(0, words.length - wordsInShingle); start += 1) {
    hashes.add(termIdentifier(words.slice(start, start + wordsInShingle).join(' ')));
  }
  return hashes;
}

function lowestBy(hashes: ReadonlySet<number>, order: number): number {
  let lowest = 0xffffffff;
  for (const hash of hashes) {
    const value = (Math.imul(hash ^ (hash >>> 15), order) ^ (hash >>> 13)) >>> 0;
    if (value < lowest) lowest = value;
  }
  return lowest;
}
