import { CatalystError } from '../contracts/errors.ts';
import type { Digest } from '../contracts/identifiers.ts';
import type { ActivityContext } from './activityContext.ts';
import { CallSize } from './callSize.ts';
import type { ActivityDependencies } from './dependencies.ts';
import type { Line } from './fairTurns.ts';
import { findKept, keep } from './keptVectors.ts';
import type { EmbeddedGroup } from './keptVectors.ts';
import { groupTexts } from './textGroups.ts';
import type { EmbeddingText, TextGroup } from './textGroups.ts';
import type { VectorMemory } from './vectorMemory.ts';

export type EmbeddingDependencies = Pick<ActivityDependencies, 'artifacts' | 'stageOutputs' | 'embedder' | 'emit'> & {
  readonly vectorMemory: VectorMemory;
  /** Its turns at the model. */
  readonly line: Line;
  /** Takes tokens out of the budget before the model gets them; throws where they do not fit. */
  readonly spend: (tokens: number) => Promise<void>;
};

/** Work that may be lost with the process before it is worth two requests to keep it. */
const worthKeepingMs = 100;

/** What has to be dropped once the whole is stored. */
export interface Parts {
  readonly keys: readonly Digest[];
  /** Whether some are in the artifact store. */
  readonly kept: boolean;
}

/**
 * Embeds texts a few at a time and keeps what is done, so that a try after a crash resumes where it was cut: in memory for
 * the next try in this process, in the artifact store for that of another. The vectors are in the order of the texts.
 */
export async function embedInParts(dependencies: EmbeddingDependencies, tenant: string, texts: readonly EmbeddingText[], context: ActivityContext): Promise<{ readonly vectors: Float32Array[]; readonly parts: Parts }> {
  const groups = groupTexts(dependencies.embedder.contract, texts);
  const kept = await findKept(dependencies, tenant, groups);
  const known = new Map(kept.map((embedded) => [embedded.group.key, embedded.vectors]));
  const missing = new Map(groups.filter(({ key }) => !known.has(key)).map((group) => [group.key, group]));
  const { made, stored } = await embedGroups(dependencies, tenant, [...missing.values()], context);
  for (const { group, vectors } of made) known.set(group.key, vectors);
  const vectors = new Array<Float32Array>(texts.length);
  for (const { key, positions } of groups) positions.forEach((position, place) => (vectors[position] = known.get(key)?.[place] as Float32Array));
  return { vectors, parts: { keys: [...known.keys()], kept: kept.length > 0 || stored } };
}

async function embedGroups(dependencies: EmbeddingDependencies, tenant: string, groups: readonly TextGroup[], context: ActivityContext): Promise<{ readonly made: EmbeddedGroup[]; readonly stored: boolean }> {
  const size = new CallSize();
  const made: EmbeddedGroup[] = [];
  let unkept: EmbeddedGroup[] = [];
  let unkeptMs = 0;
  let keeping: Promise<void> | undefined;
  while (made.length < groups.length) {
    const next = groups[made.length] as TextGroup;
    const remembered = dependencies.vectorMemory.get(tenant, next.key);
    if (remembered !== undefined) {
      // Of an earlier try of this process, or on its way for another activity; asked anew where that fails.
      const vectors = await remembered.catch(() => undefined);
      if (vectors !== undefined) made.push({ group: next, vectors });
      continue;
    }
    // From here to the asking nothing is awaited, so that two activities never ask for the same group.
    const call = groups.slice(made.length, made.length + size.groups);
    const { embedded, milliseconds } = await embedTogether(dependencies, tenant, call, context).catch(async (thrown: unknown) => {
      // What is paid for is kept: the next try may be in another process, and much later where the budget is used up.
      await keeping;
      if (unkept.length > 0) await keep(dependencies, tenant, unkept);
      throw thrown;
    });
    size.measured(embedded.reduce((sum, { vectors }) => sum + vectors.length, 0), milliseconds);
    unkeptMs += milliseconds;
    made.push(...embedded);
    unkept.push(...embedded);
    context.progress({ embedded: made.length, of: groups.length });
    // What is embedded last is stored with the whole.
    if (unkeptMs < worthKeepingMs || made.length === groups.length) continue;
    await keeping;
    keeping = keep(dependencies, tenant, unkept);
    // Heard at the next turn: the model does not wait for the store.
    keeping.catch(() => undefined);
    [unkept, unkeptMs] = [[], 0];
  }
  await keeping;
  return { made, stored: keeping !== undefined };
}

interface Call {
  readonly embedded: EmbeddedGroup[];
  /** At the model, without the waiting for a turn. */
  readonly milliseconds: number;
}

function embedTogether(dependencies: EmbeddingDependencies, tenant: string, groups: readonly TextGroup[], context: ActivityContext): Promise<Call> {
  const asked = ask(dependencies, tenant, groups, context);
  groups.forEach((group, place) => dependencies.vectorMemory.remember(tenant, group.key, asked.then(({ embedded }) => embedded[place]?.vectors ?? [])));
  return asked;
}

async function ask({ embedder, emit, line, spend }: EmbeddingDependencies, tenant: string, groups: readonly TextGroup[], context: ActivityContext): Promise<Call> {
  const texts = groups.flatMap((group) => group.texts);
  const tokens = texts.reduce((sum, text) => sum + text.tokens, 0);
  await spend(tokens);
  const { vectors, milliseconds } = await line.run(tokens, context.signal, async () => {
    const startedAt = performance.now();
    const vectors = await embedder.embedPassages(texts.map(({ text }) => text), (done) => context.progress({ embedded: done, of: texts.length }));
    return { vectors, milliseconds: performance.now() - startedAt };
  });
  if (vectors.length !== texts.length) throw new CatalystError('EMBEDDER_REJECTED', `The embedder returned ${vectors.length} vectors for ${texts.length} texts.`);
  emit({ type: 'texts.embedded', tenant, texts: texts.length, tokens, latencyMs: milliseconds });
  let next = 0;
  return { embedded: groups.map((group) => ({ group, vectors: vectors.slice(next, (next += group.texts.length)) })), milliseconds };
}
