import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createNode, integersConstant, operatorSet, writeOnnxModel } from '../../../src/adapters/embedding/onnxGraph.ts';
import { bytesField, integerField, textField } from '../../../src/adapters/embedding/protobuf.ts';

const float = 1;
const int64 = 7;

/** A tensor of the sizes by name or number, as onnx.proto declares it. */
function declaration(field: number, name: string, type: number, sizes: readonly (string | number)[]): Uint8Array {
  const dimensions = sizes.map((size) => bytesField(1, typeof size === 'string' ? textField(2, size) : integerField(1, size)));
  return bytesField(field, textField(1, name), bytesField(2, bytesField(1, integerField(1, type), bytesField(2, ...dimensions))));
}

/**
 * A small true ONNX graph with the inputs and the output of a BERT cross-encoder. Its logit is the number of token pairs, one of the query and one
 * of the passage, that are the same token: overlap, and 1 more for the [SEP] that ends each. With `outputs: 2` it answers two, as a classifier does.
 */
function overlapGraph(outputs: 1 | 2): Uint8Array {
  const node = (operator: string, inputs: readonly string[], output: string, integers: Readonly<Record<string, number>> = {}) => createNode({ operator, inputs, output, integers });
  return writeOnnxModel({
    outputs: ['logits'],
    nodes: [
      node('Unsqueeze', ['input_ids', 'last'], 'rows'),
      node('Unsqueeze', ['input_ids', 'middle'], 'columns'),
      node('Equal', ['rows', 'columns'], 'same'),
      node('Cast', ['same'], 'same_float', { to: float }),
      node('Equal', ['token_type_ids', 'zero'], 'is_query'),
      node('Cast', ['is_query'], 'query_float', { to: float }),
      node('Cast', ['token_type_ids'], 'passage_float', { to: float }),
      node('Unsqueeze', ['query_float', 'last'], 'query_rows'),
      node('Unsqueeze', ['passage_float', 'middle'], 'passage_columns'),
      node('Mul', ['same_float', 'query_rows'], 'of_query'),
      node('Mul', ['of_query', 'passage_columns'], 'of_both'),
      node('ReduceSum', ['of_both', 'both_axes'], 'sum', { keepdims: 0 }),
      node('Unsqueeze', ['sum', 'middle'], outputs === 1 ? 'logits' : 'one_logit'),
      ...(outputs === 1 ? [] : [node('Expand', ['one_logit', 'two_columns'], 'logits')]),
    ],
    graphRest: [
      textField(2, 'overlap'),
      integersConstant('zero', [0]),
      integersConstant('middle', [1]),
      integersConstant('last', [2]),
      integersConstant('both_axes', [1, 2]),
      integersConstant('two_columns', [1, 2]),
      ...['input_ids', 'attention_mask', 'token_type_ids'].map((name) => declaration(11, name, int64, ['batch', 'sequence'])),
      declaration(12, 'logits', float, ['batch', outputs]),
    ],
    modelRest: [integerField(1, 8), operatorSet('', 13)],
  });
}

const words = ['paris', 'is', 'the', 'capital', 'of', 'france', 'what', 'bread', 'rises', 'by', 'wild', 'yeast', 'tides', 'follow', 'moon', 'spring', 'new', 'x'];

function tokenizer(): object {
  const tokens = ['[PAD]', '[UNK]', '[CLS]', '[SEP]', '[MASK]', ...words];
  return {
    version: '1.0',
    truncation: null,
    padding: null,
    added_tokens: tokens.slice(0, 5).map((content, id) => ({ id, content, single_word: false, lstrip: false, rstrip: false, normalized: false, special: true })),
    normalizer: { type: 'BertNormalizer', clean_text: true, handle_chinese_chars: true, strip_accents: null, lowercase: true },
    pre_tokenizer: { type: 'BertPreTokenizer' },
    post_processor: null,
    decoder: { type: 'WordPiece', prefix: '##', cleanup: true },
    model: { type: 'WordPiece', unk_token: '[UNK]', continuing_subword_prefix: '##', max_input_chars_per_word: 100, vocab: Object.fromEntries(tokens.map((token, id) => [token, id])) },
  };
}

/** A new folder with `model.onnx` and `tokenizer.json`. */
export async function makeOverlapModel(outputs: 1 | 2 = 1): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'catalyst-cross-encoder-'));
  await writeFile(join(folder, 'model.onnx'), overlapGraph(outputs));
  await writeFile(join(folder, 'tokenizer.json'), JSON.stringify(tokenizer()));
  return folder;
}
