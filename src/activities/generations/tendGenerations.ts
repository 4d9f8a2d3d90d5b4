import { contractFingerprint } from '../../contracts/embedding.ts';
import type { Generation } from '../../contracts/generations.ts';
import type { ActivityContext } from '../activityContext.ts';
import type { GenerationDependencies } from './dependencies.ts';
import { followChanges } from './followChanges.ts';

/** Keeps retired generations complete, and drops those whose time is over and those that were given up. `left`: retired ones that stay. */
export async function tendGenerations(dependencies: GenerationDependencies, context: ActivityContext): Promise<{ readonly left: number }> {
  let left = 0;
  for (const generation of await dependencies.generations.list()) {
    if (generation.state !== 'retired' && generation.state !== 'abandoned') continue;
    if (isOver(dependencies, generation)) {
      await dropGeneration(dependencies, generation, context);
      continue;
    }
    await followChanges(dependencies, generation.id, context);
    left += 1;
  }
  return { left };
}

/** Also where the model is gone by which it would have to follow: nobody can go back to it. */
function isOver({ models }: GenerationDependencies, { state, dropAfter, contract }: Generation): boolean {
  if (state === 'abandoned' || Date.parse(dropAfter ?? '') <= Date.now()) return true;
  return !models.all.some((embedder) => contractFingerprint(embedder.contract) === contractFingerprint(contract));
}

async function dropGeneration({ generations, generationIndex, emit }: GenerationDependencies, { id, contract }: Generation, context: ActivityContext): Promise<void> {
  await generationIndex.drop(id);
  await generations.markDropped(id);
  emit({ type: 'index.dropped', generation: id });
  const model = contractFingerprint(contract);
  const isNeeded = (await generations.list()).some((other) => other.state !== 'dropped' && contractFingerprint(other.contract) === model);
  if (isNeeded) return;
  for (const tenant of await generations.listTenants()) {
    await generations.forgetVectors(tenant, model);
    context.progress(tenant);
  }
}
