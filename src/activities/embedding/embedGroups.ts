import { CatalystError } from '../../contracts/errors.ts';
import type { ActivityContext } from '../activityContext.ts';
import type { CallSize } from './callSize.ts';
import type { ActivityDependencies } from '../dependencies.ts';
import type { Line } from '../turns/fairTurns.ts';
import { GroupKeeper } from './groupKeeper.ts';
import type { EmbeddedGroup } from './keptVectors.ts';
import type { TextGroup } from './textGroups.ts';
import type { VectorMemory } from './vectorMemory.ts';

export type EmbeddingDependencies = Pick<ActivityDependencies, 'artifacts' | 'stageOutputs' | 'embedder' | 'emit'> & {
  readonly vectorMemory: VectorMemory;
  /** Of this model in this process. */
  readonly callSize: CallSize;
  /** Its turns at the model. */
  readonly line: Line;
  /** Takes tokens out of the budget before the model gets them; throws where they do not fit. */
  readonly spend: (tokens: number) => Promise<void>;
};

/** Calls at once: while one is on its way or waits for its budget, the model works at the other. */
const callsAtOnce = 2;

/** Embeds groups call by call, and keeps them; where it fails, what is paid for is kept before the failure is thrown. */
export async function embedGroups(dependencies: EmbeddingDependencies, tenant: string, groups: readonly TextGroup[], context: ActivityContext): Promise<{ readonly made: EmbeddedGroup[]; readonly stored: boolean }> {
  const keeper = new GroupKeeper(dependencies, tenant);
  const pending = [...groups];
  const made: EmbeddedGroup[] = [];
  const failures: unknown[] = [];
  const work = async (): Promise<void> => {
    while (pending.length > 0 && failures.length === 0) {
      const next = pending[0] as TextGroup;
      const remembered = dependencies.vectorMemory.get(tenant, next.key);
      if (remembered !== undefined) {
        pending.shift();
        // Of an earlier try of this process, or on its way for another activity; asked anew where that fails.
        const vectors = await remembered.catch(() => undefined);
        if (vectors === undefined) pending.unshift(next);
        else made.push({ group: next, vectors });
        continue;
      }
      // Between the look into the memory and the asking nothing is awaited, so that two activities never ask for the same group.
      const { embedded, milliseconds } = await embedTogether(dependencies, tenant, pending.splice(0, dependencies.callSize.groups), context);
      dependencies.callSize.measured(embedded.reduce((sum, { vectors }) => sum + vectors.length, 0), milliseconds);
      made.push(...embedded);
      context.progress({ embedded: made.length, of: groups.length });
      // What is embedded last is stored with the whole; but if another call fails, there will be no whole.
      await (pending.length > 0 ? keeper.add(embedded, milliseconds) : keeper.hold(embedded));
    }
  };
  await Promise.all(Array.from({ length: callsAtOnce }, () => work().catch((thrown: unknown) => void failures.push(thrown))));
  if (failures.length > 0) {
    await keeper.keepAll();
    throw failures[0];
  }
  await keeper.settle();
  return { made, stored: keeper.stored };
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
