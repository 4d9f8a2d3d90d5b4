import { Tensor, type InferenceSession } from 'onnxruntime-node';
import type { OnnxThreadData } from './onnxThreadProtocol.ts';
import { createWordPieceEncoder } from './wordPieceEncoder.ts';

const startToken = 101;
const endToken = 102;

/**
 * The vector of one text: the row of the first token (CLS), normalised to length 1.
 *
 * Texts are never batched. The int8 model scales its activations over the whole batch, so that a vector would
 * depend on its neighbours (cosine 0.9985 on average, 0.9965 at worst); alone it is a pure function of the text,
 * the same bytes every time. It costs little: with one session a core, single texts of 218 tokens reach 94 % of the
 * best batch, of 320 tokens 100 %, and of 512 tokens 113 %; and the model can be made faster for single texts than
 * it is for batches (singleTextModel.ts).
 */
export function createSentenceEncoder(session: InferenceSession, data: OnnxThreadData): (text: string) => Promise<Float32Array> {
  const encoder = createWordPieceEncoder(data.modelDirectory);

  return async function encode(text) {
    const pieces = encoder.encode(text, data.tokenLimit - 2);
    const length = pieces.length + 2;
    const ids = new BigInt64Array(length);
    ids[0] = BigInt(startToken);
    for (const [index, piece] of pieces.entries()) ids[index + 1] = BigInt(piece);
    ids[length - 1] = BigInt(endToken);
    const output = await session.run({
      input_ids: new Tensor('int64', ids, [1, length]),
      attention_mask: new Tensor('int64', new BigInt64Array(length).fill(1n), [1, length]),
      token_type_ids: new Tensor('int64', new BigInt64Array(length), [1, length]),
    });
    return normalisedFirstRow(output['last_hidden_state']);
  };
}

function normalisedFirstRow(hidden: Tensor | undefined): Float32Array {
  const dimension = hidden?.dims[2];
  if (hidden === undefined || dimension === undefined || !(hidden.data instanceof Float32Array)) {
    throw new TypeError('The model has no float output "last_hidden_state" of three dimensions.');
  }
  const row = hidden.data.slice(0, dimension);
  let squares = 0;
  for (const value of row) squares += value * value;
  const length = Math.sqrt(squares);
  for (let index = 0; index < dimension; index += 1) row[index] = row[index]! / length;
  return row;
}
