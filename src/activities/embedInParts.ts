import { contractFingerprint } from '../contracts/embedding.ts';
import { CatalystError, toCatalystError } from '../contracts/errors.ts';
import { digestOf } from '../contracts/identifiers.ts';
import type { Digest } from '../contracts/identifiers.ts';
import type { StageOutput } from '../ports/stageOutputs.ts';
import type { ActivityContext } from './activityContext.ts';
import type { ActivityDependencies } from './dependencies.ts';
import { decodeVectors, encodeVectors, vectorsMediaType } from './encoding.ts';
import { stageKey } from './stageKeys.ts';

export interface EmbeddingText {
  readonly text: string;
  readonly tokens: number;
}

/** Texts of a part: about six seconds of work for the embedded model on two cores, which is the most that a kill can cost. */
const textsPerPart = 256;

type EmbeddingDependencies = Pick<ActivityDependencies, 'artifacts' | 'stageOutputs' | 'embedder' | 'emit'>;

/** A finished part that is kept until the whole is stored. */
export type KeptPart = StageOutput;

export interface EmbeddedTexts {
  /** In the order of the texts. */
  readonly vectors: Float32Array[];
  readonly keptParts: readonly KeptPart[];
}

/**
 * Embeds texts of similar length together and keeps every finished part, so that a try after a crash resumes where it was cut.
 * The caller drops the kept parts once it has stored the whole.
 */
export async function embedInParts(dependencies: EmbeddingDependencies, tenant: string, texts: readonly EmbeddingText[], context: ActivityContext): Promise<EmbeddedTexts> {
  const order = texts.map((_, position) => position).sort((left, right) => (texts[left]?.tokens ?? 0) - (texts[right]?.tokens ?? 0) || left - right);
  const parts = Array.from({ length: Math.ceil(order.length / textsPerPart) }, (_, part) => order.slice(part * textsPerPart, (part + 1) * textsPerPart));
  const vectors = new Array<Float32Array>(texts.length);
  const keptParts: KeptPart[] = [];
  let done = 0;
  for (const part of parts) {
    const partTexts = part.map((position) => texts[position] as EmbeddingText);
    const partVectors = parts.length === 1 ? await embed(dependencies, tenant, partTexts, context) : await reuseOrEmbedPart(dependencies, tenant, partTexts, context, keptParts);
    part.forEach((position, place) => (vectors[position] = partVectors[place] as Float32Array));
    done += part.length;
    context.progress({ embedded: done, of: texts.length });
  }
  return { vectors, keptParts };
}

/** Removes kept parts; another document of the same texts that still wants one embeds it again. */
export async function dropParts(dependencies: EmbeddingDependencies, tenant: string, parts: readonly KeptPart[]): Promise<void> {
  if (parts.length === 0) return;
  await dependencies.stageOutputs.forget(tenant, parts.map(({ key }) => key));
  await dependencies.artifacts.deleteObjects(tenant, parts.map(({ reference }) => reference.uri));
}

async function embed(dependencies: EmbeddingDependencies, tenant: string, texts: readonly EmbeddingText[], context: ActivityContext): Promise<Float32Array[]> {
  const startedAt = performance.now();
  const vectors = await dependencies.embedder.embedPassages(texts.map(({ text }) => text), (done) => context.progress({ embedded: done, of: texts.length }));
  if (vectors.length !== texts.length) throw new CatalystError('EMBEDDER_REJECTED', `The embedder returned ${vectors.length} vectors for ${texts.length} texts.`);
  const tokens = texts.reduce((sum, text) => sum + text.tokens, 0);
  dependencies.emit({ type: 'texts.embedded', tenant, texts: texts.length, tokens, latencyMs: performance.now() - startedAt });
  return vectors;
}

async function reuseOrEmbedPart(dependencies: EmbeddingDependencies, tenant: string, texts: readonly EmbeddingText[], context: ActivityContext, keptParts: KeptPart[]): Promise<Float32Array[]> {
  const { contract } = dependencies.embedder;
  const key = stageKey('embed-part', contractFingerprint(contract), digestOf(JSON.stringify(texts.map(({ text }) => text))));
  const kept = await readKeptPart(dependencies, tenant, key);
  if (kept !== undefined) {
    keptParts.push(kept.part);
    return kept.vectors;
  }
  const vectors = await embed(dependencies, tenant, texts, context);
  const [reference] = await dependencies.artifacts.putAll(tenant, 'part', [{ bytes: encodeVectors(vectors, contract.dimension), mediaType: vectorsMediaType }]);
  if (reference === undefined) throw new CatalystError('INTERNAL', 'The artifact store returned no reference.');
  await dependencies.stageOutputs.record(tenant, [{ key, reference }]);
  keptParts.push({ key, reference });
  return vectors;
}

async function readKeptPart(dependencies: EmbeddingDependencies, tenant: string, key: Digest): Promise<{ readonly part: KeptPart; readonly vectors: Float32Array[] } | undefined> {
  const reference = (await dependencies.stageOutputs.find(tenant, [key])).get(key);
  if (reference === undefined) return undefined;
  try {
    const [bytes] = await dependencies.artifacts.getAll(tenant, [reference]);
    return { part: { key, reference }, vectors: decodeVectors(bytes as Uint8Array, dependencies.embedder.contract.dimension) };
  } catch (thrown) {
    if (toCatalystError(thrown).code === 'ARTIFACT_NOT_FOUND') return undefined;
    throw thrown;
  }
}
