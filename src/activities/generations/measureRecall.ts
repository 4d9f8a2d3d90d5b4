import { leastRecall } from '../../contracts/recall.ts';
import type { Generation } from '../../contracts/generations.ts';
import { recallOf } from '../../generations/recall.ts';
import type { ActivityContext } from '../activityContext.ts';
import type { GenerationDependencies } from './dependencies.ts';
import { adoptServing } from './planCompaction.ts';

const sampledPoints = 50;
const neighbours = 10;

type RecallDependencies = Pick<GenerationDependencies, 'generations' | 'generationIndex' | 'emit'>;

/** Compares each generation that serves with exact search, by the neighbours of some of its points, and keeps what came of it. */
export async function measureRecall(dependencies: RecallDependencies, context: Pick<ActivityContext, 'progress'>): Promise<void> {
  await adoptServing(dependencies);
  for (const generation of await dependencies.generations.list()) {
    if (generation.state !== 'serving') continue;
    await measureOne(dependencies, generation);
    context.progress(generation.id);
  }
}

async function measureOne({ generations, generationIndex, emit }: RecallDependencies, { id, tenant }: Generation): Promise<void> {
  const compared = await generationIndex.compareSearches(id, sampledPoints, neighbours);
  const recall = recallOf(compared);
  if (recall === null) return;
  const low = recall < leastRecall;
  await generations.recordRecall(id, { at: new Date().toISOString(), sampled: compared.length, recall, low });
  emit({ type: 'index.measured', generation: id, tenant, sampled: compared.length, recall, low });
}
