import { CatalystError } from '../../contracts/errors.ts';
import { digestOf } from '../../contracts/identifiers.ts';
import { compareHoldings } from '../../generations/parity.ts';
import type { ActivityContext } from '../activityContext.ts';
import type { GenerationDependencies } from './dependencies.ts';
import { findGeneration } from './fillGeneration.ts';
import { followToEnd } from './followChanges.ts';
import { heldTenants } from './heldTenants.ts';
import { isSameMake } from './makes.ts';

/** Documents of a tenant of which every point is compared with that of the generation that serves. */
const comparedDocuments = 20;
/** Tenants that it holds although it should not: the first ones are enough to tell. */
const others = 10;
/** Writes go on meanwhile: a difference counts where it is there still after the generation has followed. */
const looks = 5;

/**
 * Compares a generation with the registry (points of each tenant) and, for some documents of each tenant, with the generation that serves
 * (vectors and payload, bit by bit). Marks it as ready. Throws GENERATION_INCOMPLETE, which names what differs.
 */
export async function verifyGeneration(dependencies: GenerationDependencies, id: string, context: ActivityContext): Promise<void> {
  await requireRecut(dependencies, id);
  for (let look = 1; ; look += 1) {
    await followToEnd(dependencies, id, context);
    const { sums, differences } = await compareCounts(dependencies, id, context);
    const different = differences.length > 0 ? differences : await compareContents(dependencies, id, context);
    if (different.length === 0) {
      await dependencies.generations.markReady(id, sums);
      return;
    }
    if (look === looks) throw new CatalystError('GENERATION_INCOMPLETE', `The generation ${id} is not what it should be: ${different.slice(0, 5).join('; ')}${different.length > 5 ? `; and ${different.length - 5} more` : ''}.`);
  }
}

/** A process of an earlier release makes collections that do not say how they are cut. */
async function requireRecut({ generations, generationIndex }: GenerationDependencies, id: string): Promise<void> {
  const { recut } = await findGeneration(generations, id);
  const told = (await generationIndex.recutOf(id)) ?? null;
  if (told?.id !== recut?.id) throw new CatalystError('GENERATION_INCOMPLETE', `The collection ${id} does not say that its documents were cut anew: run every process in the same release, and begin again.`);
}

async function compareCounts({ generations, generationIndex }: GenerationDependencies, id: string, context: ActivityContext) {
  const generation = await findGeneration(generations, id);
  const tenants = await heldTenants(generations, generation);
  const expected: { tenant: string; points: number; documents: number; digest: string }[] = [];
  for (const tenant of tenants) {
    expected.push({ tenant, ...(await generations.sumDocuments(tenant, generation.recut)) });
    context.progress(tenant);
  }
  const found = await generationIndex.countByTenant(id, tenants.length + others);
  const sum = (pick: 'documents' | 'points') => expected.reduce((total, holdings) => total + holdings[pick], 0);
  return {
    sums: { documents: sum('documents'), points: sum('points'), digest: digestOf(...expected.map(({ tenant, digest }) => `${tenant} ${digest}\n`)) },
    differences: compareHoldings(expected, found).map((difference) => `${difference.tenant} has ${difference.found} points and should have ${difference.expected}`),
  };
}

async function compareContents({ generations, generationIndex }: GenerationDependencies, id: string, context: ActivityContext): Promise<string[]> {
  const different: string[] = [];
  const generation = await findGeneration(generations, id);
  for (const tenant of await heldTenants(generations, generation)) {
    const serving = await generationIndex.serving(tenant);
    if (serving === undefined || serving === id) continue;
    // Of another model or cutting every point is another one; what it finds is judged apart.
    if (!isSameMake(generation, await findGeneration(generations, serving))) continue;
    for (const version of await generations.listDocuments(tenant, null, comparedDocuments)) {
      const [own, other] = await Promise.all([generationIndex.digestVersion(id, tenant, version), generationIndex.digestVersion(serving, tenant, version)]);
      if (!isEqual(own, other)) different.push(`document ${version.documentId} of ${tenant} has other points than in ${serving}`);
    }
    context.progress(tenant);
  }
  return different;
}

function isEqual(left: ReadonlyMap<string, string>, right: ReadonlyMap<string, string>): boolean {
  return left.size === right.size && [...left].every(([id, digest]) => right.get(id) === digest);
}
