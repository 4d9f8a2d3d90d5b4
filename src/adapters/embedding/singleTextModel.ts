import { createNode, floatOutput, integersConstant, operatorSet, prune, readOnnxModel, writeOnnxModel, type OnnxNode } from './onnxGraph.ts';

const layers = 12;
const heads = 12;
const firstRow = 'first_row';

/** What the last layer reads: a vector for each token, which the changed model has as a further output. */
export const tokenOutput = `/encoder/layer.${layers - 2}/output/LayerNorm/Add_1_output_0`;

/**
 * The model for one text without padding of which only the first token's row (CLS) is wanted, or undefined for a
 * model with another graph. Two things change:
 *
 * - the twenty steps of each attention become one fused operator, which needs no mask;
 * - the last layer computes one row instead of all.
 *
 * Measured in processor time: 218 tokens 28 ms instead of 34, 320 tokens 45 instead of 54, 512 tokens 94 instead of
 * 144, a short query 3.5 instead of 5.2. The vectors differ from the unchanged model's by what rounding does to an int8
 * model (cosine 0.999), as they would on another processor.
 *
 * The rows of all tokens before the last layer are computed anyway, so that giving them out (`tokenOutput`) costs nothing
 * that could be measured (39.1 ms of processor time for 218 tokens with them and without on a busy machine) and changes no byte of the vectors.
 */
export function forSingleTexts(bytes: Uint8Array): Uint8Array | undefined {
  const model = readOnnxModel(bytes);
  const fused = fuseAttention(model.nodes);
  const cut = fused === undefined ? undefined : cutLastLayer(fused);
  if (cut === undefined) return undefined;
  return writeOnnxModel({
    ...model,
    nodes: prune(cut, [...model.outputs, tokenOutput]),
    graphRest: [...model.graphRest, integersConstant(firstRow, [0]), floatOutput(tokenOutput)],
    modelRest: [...model.modelRest, operatorSet('com.microsoft', 1)],
  });
}

function fuseAttention(nodes: readonly OnnxNode[]): OnnxNode[] | undefined {
  let found = 0;
  const fused = nodes.map((node) => {
    const layer = /^(\/encoder\/layer\.\d+\/attention\/self\/)Reshape_3_output_0$/.exec(node.outputs[0] ?? '')?.[1];
    if (layer === undefined) return node;
    found += 1;
    const inputs = ['query', 'key', 'value'].map((name) => `${layer}${name}/Add_output_0`);
    return createNode({ operator: 'MultiHeadAttention', domain: 'com.microsoft', inputs, output: `${layer}Reshape_3_output_0`, integers: { num_heads: heads } });
  });
  return found === layers ? fused : undefined;
}

/** Keys and values of all tokens, but the query of the first one only; and what is added to the outcome, likewise. */
function cutLastLayer(nodes: readonly OnnxNode[]): OnnxNode[] | undefined {
  const last = `/encoder/layer.${layers - 1}/attention/`;
  const rowsOf: Readonly<Record<string, string>> = {
    [`${last}self/query/MatMul_output_0_output_quantized`]: `${tokenOutput}_quantized`,
    [`${last}output/Add_output_0`]: tokenOutput,
  };
  let found = 0;
  const cut = nodes.flatMap((node) => {
    const whole = rowsOf[node.outputs[0] ?? ''];
    if (whole === undefined || !node.inputs.includes(whole)) return [node];
    found += 1;
    const row = createNode({ operator: 'Gather', inputs: [whole, firstRow], output: `${whole}_${firstRow}`, integers: { axis: 1 } });
    return [row, { ...node, inputs: node.inputs.map((name) => (name === whole ? `${whole}_${firstRow}` : name)) }];
  });
  return found === Object.keys(rowsOf).length ? cut : undefined;
}
