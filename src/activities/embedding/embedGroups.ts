import { CatalystError } from '../../contracts/errors.ts';
import type { ActivityContext } from '../activityContext.ts';
import type { CallSize } from './callSize.ts';
import type { ActivityDependencies } from '../dependencies.ts';
import type { OnProcessorTime } from '../../ports/embedder.ts';
import type { Line } from '../turns/fairTurns.ts';
import type { EmbeddedGroup } from './keptVectors.ts';
import type { TextGroup } from './textGroups.ts';
import { embedTexts } from './textVectors.ts';
import type { UnkeptGroup, UnkeptVectors, Whole } from './unkeptVectors.ts';
import type { VectorMemory } from './vectorMemory.ts';

export type EmbeddingDependencies = Pick<ActivityDependencies, 'artifacts' | 'stageOutputs' | 'embedder' | 'emit'> & {
  readonly vectorMemory: VectorMemory;
  readonly unkept: UnkeptVectors;
  /** Of this model in this process. */
  readonly callSize: CallSize;
  /** Its turns at the model. */
  readonly line: Line;
  /** Takes tokens out of the budget before the model gets them; throws where they do not fit. */
  readonly spend: (tokens: number, texts: number) => Promise<void>;
  /** Told of what the model computed here. */
  readonly onProcessorTime: OnProcessorTime;
};

/** Calls at once: while one is on its way or waits for its budget, the model works at the other. */
const callsAtOnce = 2;

export interface GroupsRun {
  /** All groups, in any order. */
  readonly made: EmbeddedGroup[];
  /** Those of them that this run asked the model for. */
  readonly asked: UnkeptGroup[];
}

/** Embeds groups call by call, and keeps them; where it fails, what is paid for is kept before the failure is thrown. */
export async function embedGroups(dependencies: EmbeddingDependencies, tenant: string, groups: readonly TextGroup[], context: ActivityContext): Promise<GroupsRun> {
  const whole: Whole = { tenant };
  const pending = [...groups];
  const asked: UnkeptGroup[] = [];
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
      const embedded = await embedTogether(dependencies, whole, pending.splice(0, dependencies.callSize.groups), () => pending.length === 0, context);
      asked.push(...embedded);
      made.push(...embedded);
      context.progress({ embedded: made.length, of: groups.length });
    }
  };
  await Promise.all(Array.from({ length: callsAtOnce }, () => work().catch((thrown: unknown) => void failures.push(thrown))));
  if (failures.length > 0) {
    await dependencies.unkept.keepNow(asked);
    throw failures[0];
  }
  return { made, asked };
}

function embedTogether(dependencies: EmbeddingDependencies, whole: Whole, groups: readonly TextGroup[], isLast: () => boolean, context: ActivityContext): Promise<UnkeptGroup[]> {
  const asked = ask(dependencies, whole, groups, isLast, context);
  groups.forEach((group, place) => dependencies.vectorMemory.remember(whole.tenant, group.key, asked.then((embedded) => embedded[place]?.vectors ?? [])));
  return asked;
}

/** Within its turn: so no more than the calls of all turns are ever asked for and not yet safe, beside what `unkept` allows. */
async function ask({ embedder, emit, line, spend, onProcessorTime, unkept, callSize }: EmbeddingDependencies, whole: Whole, groups: readonly TextGroup[], isLast: () => boolean, context: ActivityContext): Promise<UnkeptGroup[]> {
  const texts = groups.flatMap((group) => group.texts);
  const tokens = texts.reduce((sum, text) => sum + text.tokens, 0);
  // Before the budget pays for a call that could not be made, and before the turn, in which the model waits for whoever has it.
  await unkept.room(callSize.settledGroups);
  await spend(tokens, texts.length);
  return line.run(tokens, context.signal, async () => {
    await unkept.room(callSize.settledGroups);
    const startedAt = performance.now();
    const vectors = await embedTexts(embedder, texts.map(({ text }) => text), (done) => context.progress({ embedded: done, of: texts.length }), onProcessorTime);
    const milliseconds = performance.now() - startedAt;
    if (vectors.length !== texts.length) throw new CatalystError('EMBEDDER_REJECTED', `The embedder returned ${vectors.length} vectors for ${texts.length} texts.`);
    emit({ type: 'texts.embedded', tenant: whole.tenant, texts: texts.length, tokens, latencyMs: milliseconds });
    callSize.measured(texts.length, milliseconds);
    let next = 0;
    const embedded = groups.map((group) => ({ group, vectors: vectors.slice(next, (next += group.texts.length)) }));
    return unkept.add(whole, embedded, milliseconds, isLast());
  });
}
