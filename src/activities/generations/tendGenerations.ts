import { contractFingerprint } from '../../contracts/embedding.ts';
import type { Generation } from '../../contracts/generations.ts';
import type { ActivityContext } from '../activityContext.ts';
import type { GenerationDependencies } from './dependencies.ts';
import { followChanges } from './followChanges.ts';

/** Keeps retired generations complete, and drops those whose time is over and those that were given up. `left`: what still stays for a while. */
export async function tendGenerations(dependencies: GenerationDependencies, context: ActivityContext): Promise<{ readonly left: number }> {
  let left = 0;
  for (const generation of await dependencies.generations.list()) {
    if (generation.state === 'serving') left += await tendDepartures(dependencies, generation, context);
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

/** Vectors go with the last generation of their model. */
async function dropGeneration({ generations, generationIndex, emit }: GenerationDependencies, { id, tenant, contract }: Generation, context: ActivityContext): Promise<void> {
  await generationIndex.drop(id);
  await generations.markDropped(id);
  emit({ type: 'index.dropped', generation: id, tenant });
  const model = contractFingerprint(contract);
  const isNeeded = (await generations.list()).some((other) => other.state !== 'dropped' && contractFingerprint(other.contract) === model);
  if (isNeeded) return;
  for (const holder of await generations.listTenants()) {
    await generations.forgetVectors(holder, model);
    context.progress(holder);
  }
}

/** A tenant that has moved is followed in the shared generation that it left, until its points are removed from it. */
async function tendDepartures(dependencies: GenerationDependencies, { id, departures }: Generation, context: ActivityContext): Promise<number> {
  const { generations, generationIndex, emit } = dependencies;
  if (Object.keys(departures).length === 0) return 0;
  await followChanges(dependencies, id, context);
  let left = 0;
  for (const [tenant, until] of Object.entries(departures)) {
    if (Date.parse(until) > Date.now()) left += 1;
    else if (await generations.beginRemoval(id, tenant)) {
      const points = await generationIndex.removeTenant(id, tenant);
      await generations.endRemoval(id, tenant, points);
      emit({ type: 'index.departed', generation: id, tenant, points });
    }
  }
  return left;
}
