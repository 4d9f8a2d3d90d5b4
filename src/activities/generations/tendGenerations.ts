import { contractFingerprint } from '../../contracts/embedding.ts';
import type { Generation } from '../../contracts/generations.ts';
import type { ActivityContext } from '../activityContext.ts';
import type { GenerationDependencies } from './dependencies.ts';
import { followChanges } from './followChanges.ts';
import { hasModel } from './makes.ts';

/**
 * Keeps retired generations complete, and drops those whose time is over and those that were given up. One that cannot be followed does not
 * stand in the way of the others. `left`: what still stays for a while.
 */
export async function tendGenerations(dependencies: GenerationDependencies, context: ActivityContext): Promise<{ readonly left: number }> {
  const failures: unknown[] = [];
  let left = 0;
  for (const generation of await dependencies.generations.list()) {
    try {
      left += await tend(dependencies, generation, context);
    } catch (thrown) {
      failures.push(thrown);
    }
  }
  if (failures.length > 0) throw failures[0];
  return { left };
}

async function tend(dependencies: GenerationDependencies, generation: Generation, context: ActivityContext): Promise<number> {
  if (generation.state === 'serving') return tendDepartures(dependencies, generation, context);
  // A try before this one may have been cut off between the record and the collection.
  if (generation.state === 'dropped') await dropCollection(dependencies, generation, context);
  if (generation.state !== 'retired' && generation.state !== 'abandoned') return 0;
  if (isOver(dependencies, generation)) {
    await dropGeneration(dependencies, generation, context);
    return 0;
  }
  await followChanges(dependencies, generation.id, context);
  return 1;
}

/** Within a day of its record: later there is nothing to look for. */
async function dropCollection(dependencies: GenerationDependencies, generation: Generation, context: ActivityContext): Promise<void> {
  const { generationIndex } = dependencies;
  if (Date.parse(generation.droppedAt ?? '') <= Date.now() - 86_400_000 || (await generationIndex.contractOf(generation.id)) === undefined) return;
  await forgetParts(dependencies, generation, context);
  await generationIndex.drop(generation.id);
}

/** Also where the model is gone by which it would have to follow: nobody can go back to it. */
function isOver(dependencies: GenerationDependencies, generation: Generation): boolean {
  const { state, dropAfter } = generation;
  if (state === 'abandoned' || Date.parse(dropAfter ?? '') <= Date.now()) return true;
  return !hasModel(dependencies, generation);
}

/** Recorded first: what is dropped can never come to serve meanwhile. */
async function dropGeneration(dependencies: GenerationDependencies, generation: Generation, context: ActivityContext): Promise<void> {
  if (!(await dependencies.generations.markDropped(generation.id))) return;
  await forgetParts(dependencies, generation, context);
  await dependencies.generationIndex.drop(generation.id);
  dependencies.emit({ type: 'index.dropped', generation: generation.id, tenant: generation.tenant });
}

/** Vectors go with the last generation of their model, passages with that of their recut. */
async function forgetParts({ generations }: GenerationDependencies, { id, contract, recut }: Generation, context: ActivityContext): Promise<void> {
  const model = contractFingerprint(contract);
  const others = (await generations.list()).filter((other) => other.id !== id && other.state !== 'dropped');
  const needsModel = others.some((other) => contractFingerprint(other.contract) === model);
  const needsRecut = recut === null || others.some((other) => other.recut?.id === recut.id);
  if (needsModel && needsRecut) return;
  for (const holder of await generations.listTenants()) {
    if (!needsModel) await generations.forgetVectors(holder, model);
    if (!needsRecut) await generations.forgetRecut(holder, recut.id);
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
