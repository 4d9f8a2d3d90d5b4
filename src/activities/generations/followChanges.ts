import { CatalystError } from '../../contracts/errors.ts';
import { digestOfJson } from '../../contracts/identifiers.ts';
import type { DocumentChange } from '../../ports/generationRegistry.ts';
import type { ActivityContext } from '../activityContext.ts';
import type { GenerationDependencies } from './dependencies.ts';
import { findGeneration } from './fillGeneration.ts';
import type { GenerationMake } from './cutDocument.ts';
import { writeVisible } from './writeVisible.ts';

const changesPerPage = 200;
const callMs = 60_000;
/** Calls of so much: some hours. */
const mostCalls = 300;

/**
 * Has the generation follow what changed. Each document is brought to what the registry says of it now, whatever happened in between, so
 * that changes need no order. `current`: nothing was left at the end.
 */
export async function followChanges(dependencies: GenerationDependencies, id: string, context?: Pick<ActivityContext, 'progress'>): Promise<{ readonly current: boolean; readonly followed: number }> {
  const generation = await findGeneration(dependencies.generations, id);
  const until = performance.now() + callMs;
  let followed = 0;
  while (performance.now() < until) {
    const changes = await dependencies.generations.listChanges(id, changesPerPage);
    if (changes.length === 0) return { current: true, followed };
    for (const [tenant, own] of Map.groupBy(changes, (change) => change.tenant)) await followTenant(dependencies, generation, tenant, own, context ?? { progress: () => undefined });
    await dependencies.generations.removeChanges(id, changes);
    followed += changes.length;
    context?.progress(followed);
  }
  return { current: false, followed };
}

/** Follows until nothing is left at the end of a call. Throws where changes come faster than they can be followed. */
export async function followToEnd(dependencies: GenerationDependencies, id: string, context: Pick<ActivityContext, 'progress'>): Promise<void> {
  for (let call = 0; call < mostCalls; call += 1) if ((await followChanges(dependencies, id, context)).current) return;
  throw new CatalystError('REGISTRY_UNAVAILABLE', `The generation ${id} has too much left to follow.`);
}

async function followTenant(dependencies: GenerationDependencies, generation: GenerationMake, tenant: string, changes: readonly DocumentChange[], context: Pick<ActivityContext, 'progress'>): Promise<void> {
  const documentIds = changes.map(({ documentId }) => documentId);
  const read = async () => {
    const visible = [...(await dependencies.generations.findDocuments(tenant, documentIds)), ...(await dependencies.generations.findKept(tenant, documentIds))];
    return { visible, state: digestOfJson(visible.map(({ documentId, versionId, sequence, policies }) => [documentId, versionId, sequence, policies])) };
  };
  // Whoever else follows may have been faster: the last word is what the registry says after it was written.
  for (let { visible, state } = await read(), written = ''; written !== state; { visible, state } = await read()) {
    const versions = await writeVisible(dependencies, generation, tenant, visible, context);
    await dependencies.generationIndex.keepOnly(generation.id, tenant, documentIds, versions);
    written = state;
  }
}
