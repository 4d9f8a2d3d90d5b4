import { bytesField, integerField, readFields, textField, type Field } from './protobuf.ts';

/** Field numbers of onnx.proto. */
const model = { graph: 7, opsetImport: 8 } as const;
const graph = { node: 1, initializer: 5, output: 12 } as const;
const node = { input: 1, output: 2, operator: 4, attribute: 5, domain: 7 } as const;

export interface OnnxNode {
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  /** All fields but the inputs. */
  readonly rest: readonly Uint8Array[];
}

/** A model with its nodes opened; all else is carried along as bytes. */
export interface OnnxModel {
  readonly nodes: readonly OnnxNode[];
  readonly outputs: readonly string[];
  readonly graphRest: readonly Uint8Array[];
  readonly modelRest: readonly Uint8Array[];
}

export function readOnnxModel(bytes: Uint8Array): OnnxModel {
  const modelFields = readFields(bytes);
  const graphFields = modelFields.filter((field) => field.number === model.graph).flatMap((field) => readFields(field.content));
  return {
    nodes: graphFields.filter((field) => field.number === graph.node).map(readNode),
    outputs: graphFields.filter((field) => field.number === graph.output).flatMap((field) => texts(readFields(field.content), 1)),
    graphRest: graphFields.filter((field) => field.number !== graph.node).map((field) => field.raw),
    modelRest: modelFields.filter((field) => field.number !== model.graph).map((field) => field.raw),
  };
}

export function writeOnnxModel(content: OnnxModel): Uint8Array {
  const nodes = content.nodes.map((one) => bytesField(graph.node, ...one.inputs.map((name) => textField(node.input, name)), ...one.rest));
  return Buffer.concat([...content.modelRest, bytesField(model.graph, ...nodes, ...content.graphRest)]);
}

function readNode(field: Field): OnnxNode {
  const fields = readFields(field.content);
  return { inputs: texts(fields, node.input), outputs: texts(fields, node.output), rest: fields.filter(({ number }) => number !== node.input).map(({ raw }) => raw) };
}

function texts(fields: readonly Field[], number: number): string[] {
  return fields.filter((field) => field.number === number).map((field) => Buffer.from(field.content).toString('utf8'));
}

export interface NewNode {
  readonly operator: string;
  readonly domain?: string;
  readonly inputs: readonly string[];
  readonly output: string;
  readonly integers: Readonly<Record<string, number>>;
}

export function createNode(made: NewNode): OnnxNode {
  const integerType = 2;
  const attributes = Object.entries(made.integers).map(([name, value]) => bytesField(node.attribute, textField(1, name), integerField(3, value), integerField(20, integerType)));
  const domain = made.domain === undefined ? [] : [textField(node.domain, made.domain)];
  return { inputs: made.inputs, outputs: [made.output], rest: [textField(node.output, made.output), textField(node.operator, made.operator), ...attributes, ...domain] };
}

/** A constant with the numbers, for `graphRest`. */
export function integersConstant(name: string, values: readonly number[]): Uint8Array {
  const int64 = 7;
  const content = Buffer.alloc(values.length * 8);
  for (const [index, value] of values.entries()) content.writeBigInt64LE(BigInt(value), index * 8);
  return bytesField(graph.initializer, integerField(1, values.length), integerField(2, int64), textField(8, name), bytesField(9, content));
}

/** Names a set of operators that the nodes use, for `modelRest`. */
export function operatorSet(domain: string, version: number): Uint8Array {
  return bytesField(model.opsetImport, textField(1, domain), integerField(2, version));
}

/** Makes what the nodes compute under a name an output of the graph, of floats, for `graphRest`. */
export function floatOutput(name: string): Uint8Array {
  const float = 1;
  const tensorType = bytesField(1, integerField(1, float));
  return bytesField(graph.output, textField(1, name), bytesField(2, tensorType));
}

/** Only the nodes that the outputs need. */
export function prune(nodes: readonly OnnxNode[], outputs: readonly string[]): OnnxNode[] {
  const needed = new Set(outputs);
  const kept: OnnxNode[] = [];
  for (const one of nodes.toReversed()) {
    if (!one.outputs.some((name) => needed.has(name))) continue;
    kept.push(one);
    for (const name of one.inputs) needed.add(name);
  }
  return kept.reverse();
}
