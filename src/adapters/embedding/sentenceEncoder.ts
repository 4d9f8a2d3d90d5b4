import { Tensor, type InferenceSession } from 'onnxruntime-node';
import { createWordPieceEncoder } from '../shared/wordPieceEncoder.ts';
import { normalise } from './normalise.ts';
import type { EmbeddedText, OnnxThreadData, TextForm } from './onnxThreadProtocol.ts';
import { silentTokens } from './silentTokens.ts';
import { tokenOutput } from './singleTextModel.ts';
import { passageCodes, queryVectors } from './tokenCodes.ts';

const startToken = 101;
const endToken = 102;
const sentenceOutput = 'last_hidden_state';

/**
 * The vector of one text: the row of the first token (CLS), normalised to length 1; with the codes of its tokens, or their
 * vectors instead, where these are wanted.
 *
 * Texts are never batched. The int8 model scales its activations over the whole batch, so that a vector would
 * depend on its neighbours (cosine 0.9985 on average, 0.9965 at worst); alone it is a pure function of the text,
 * the same bytes every time. It costs little: with one session a core, single texts of 218 tokens reach 94 % of the
 * best batch, of 320 tokens 100 %, and of 512 tokens 113 %; and the model can be made faster for single texts than
 * it is for batches (singleTextModel.ts).
 */
export function createSentenceEncoder(session: InferenceSession, data: OnnxThreadData): (text: string, form: TextForm) => Promise<EmbeddedText> {
  const encoder = createWordPieceEncoder(data.modelDirectory);
  const silent = silentTokens(encoder);
  const isSilent = (id: number): boolean => silent.has(id);

  async function run(pieces: readonly number[], outputs: readonly string[]) {
    const length = pieces.length + 2;
    const ids = new BigInt64Array(length);
    ids[0] = BigInt(startToken);
    for (const [index, piece] of pieces.entries()) ids[index + 1] = BigInt(piece);
    ids[length - 1] = BigInt(endToken);
    const feeds = {
      input_ids: new Tensor('int64', ids, [1, length]),
      attention_mask: new Tensor('int64', new BigInt64Array(length).fill(1n), [1, length]),
      token_type_ids: new Tensor('int64', new BigInt64Array(length), [1, length]),
    };
    return session.run(feeds, outputs);
  }

  return async function encode(text, form) {
    const pieces = encoder.encode(text, data.tokenLimit - 2);
    if (form === 'vector') return { vector: firstRow((await run(pieces, [sentenceOutput]))[sentenceOutput]) };
    if (form === 'query tokens') return { vector: joined(queryVectors(tokenRows(pieces, (await run(pieces, [tokenOutput]))[tokenOutput]), isSilent)) };
    const output = await run(pieces, [sentenceOutput, tokenOutput]);
    return { vector: firstRow(output[sentenceOutput]), tokenCodes: passageCodes(tokenRows(pieces, output[tokenOutput]), isSilent) };
  };
}

function firstRow(hidden: Tensor | undefined): Float32Array {
  const { data, dimension } = floatsOf(hidden, sentenceOutput);
  return normalise(data.slice(0, dimension));
}

function tokenRows(ids: readonly number[], hidden: Tensor | undefined) {
  const { data, dimension } = floatsOf(hidden, tokenOutput);
  return { ids, rows: data.subarray(dimension, (ids.length + 1) * dimension), dimension };
}

function floatsOf(hidden: Tensor | undefined, name: string): { readonly data: Float32Array; readonly dimension: number } {
  const dimension = hidden?.dims[2];
  if (hidden === undefined || dimension === undefined || !(hidden.data instanceof Float32Array)) {
    throw new TypeError(`The model has no float output "${name}" of three dimensions.`);
  }
  return { data: hidden.data, dimension };
}

function joined(vectors: readonly Float32Array[]): Float32Array {
  const all = new Float32Array(vectors.reduce((sum, { length }) => sum + length, 0));
  let next = 0;
  for (const vector of vectors) {
    all.set(vector, next);
    next += vector.length;
  }
  return all;
}
