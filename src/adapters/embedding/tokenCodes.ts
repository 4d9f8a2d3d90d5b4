import { normalise } from './normalise.ts';

/** Changes with whatever changes the codes of a text: layer, choice of tokens, form. */
export const tokenCodesRevision = 'far48-signs1';

/** Vectors kept of a passage: 48 of 384 dimensions are 2,304 bytes. */
const mostPassageTokens = 48;
/** Tokens of a query that are compared; a question has 10 to 20. */
const mostQueryTokens = 64;

/** The rows of a text's tokens, without those of the special ones: `ids.length` rows of `dimension` numbers, one after the other. */
export interface TokenRows {
  readonly ids: readonly number[];
  readonly rows: Float32Array;
  readonly dimension: number;
}

/**
 * What is kept of a passage's token vectors: those of its words that say something, equal tokens as one, the 48 that lie farthest
 * from the passage as a whole, and of each the signs alone. Bit i of byte j is set where dimension 8j + i is positive. Which form
 * keeps what the whole vectors gain was measured: docs/decisions/0012-built-in-rerank.md.
 */
export function passageCodes(tokens: TokenRows, isSilent: (id: number) => boolean): Uint8Array {
  const rows = rowsOf(tokens);
  const centre = centreOf(rows, tokens.dimension);
  const chosen = farthest(sumsByToken(tokens.ids, rows, isSilent), centre, mostPassageTokens);
  const bytes = tokens.dimension / 8;
  const codes = new Uint8Array(chosen.length * bytes);
  for (const [position, vector] of chosen.entries()) writeSigns(vector, codes, position * bytes);
  return codes;
}

/** The vectors of a query's words that say something, each of length 1; of all its words where none does. */
export function queryVectors(tokens: TokenRows, isSilent: (id: number) => boolean): Float32Array[] {
  const all = rowsOf(tokens);
  const telling = all.filter((_row, position) => !isSilent(tokens.ids[position]!));
  return farthest(telling.length > 0 ? telling : all, centreOf(all, tokens.dimension), mostQueryTokens);
}

function sumsByToken(ids: readonly number[], rows: readonly Float32Array[], isSilent: (id: number) => boolean): Float32Array[] {
  const sums = new Map<number, Float32Array>();
  for (const [position, id] of ids.entries()) {
    if (isSilent(id)) continue;
    const sum = sums.get(id);
    // The first row of a token becomes its sum: nobody reads the rows after this.
    if (sum === undefined) sums.set(id, rows[position]!);
    else add(sum, rows[position]!);
  }
  return [...sums.values()].map(normalise);
}

function centreOf(rows: readonly Float32Array[], dimension: number): Float32Array {
  const centre = new Float32Array(dimension);
  for (const row of rows) add(centre, row);
  return normalise(centre);
}

/** Least similar to the centre first; in the order of the text where all are wanted. */
function farthest(vectors: readonly Float32Array[], centre: Float32Array, most: number): Float32Array[] {
  if (vectors.length <= most) return [...vectors];
  const similarities = vectors.map((vector) => similarity(vector, centre));
  const order = similarities.map((_similarity, position) => position).sort((left, right) => similarities[left]! - similarities[right]! || left - right);
  return order.slice(0, most).map((position) => vectors[position]!);
}

function similarity(left: Float32Array, right: Float32Array): number {
  let sum = 0;
  for (let index = 0; index < left.length; index += 1) sum += left[index]! * right[index]!;
  return sum;
}

/** Each of length 1; views of one copy, since hundreds of small arrays a text cost more than what is computed. */
function rowsOf({ ids, rows, dimension }: TokenRows): Float32Array[] {
  const copy = rows.slice(0, ids.length * dimension);
  return ids.map((_id, position) => normalise(copy.subarray(position * dimension, (position + 1) * dimension)));
}

function add(sum: Float32Array, row: Float32Array): void {
  for (let index = 0; index < sum.length; index += 1) sum[index] = sum[index]! + row[index]!;
}

function writeSigns(vector: Float32Array, codes: Uint8Array, start: number): void {
  for (let index = 0; index < vector.length; index += 1) {
    if (vector[index]! > 0) codes[start + (index >> 3)]! |= 1 << (index & 7);
  }
}
