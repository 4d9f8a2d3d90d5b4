import { CatalystError } from '../../contracts/errors.ts';
import type { Generation } from '../../contracts/generations.ts';
import { indexSettingsSchema, settingsOfBefore } from '../../contracts/indexSettings.ts';
import type { FillCursor, GenerationRegistry } from '../../ports/generationRegistry.ts';
import type { ActivityContext } from '../activityContext.ts';
import type { GenerationDependencies } from './dependencies.ts';
import { heldTenants } from './heldTenants.ts';
import { nextPlace } from './nextPlace.ts';
import { writeVisible } from './writeVisible.ts';

const documentsPerPage = 100;
/** One call of the activity: a lost one costs no more than this, and the cursor stands after every page. */
const callMs = 60_000;

export async function findGeneration(generations: Pick<GenerationRegistry, 'find'>, id: string): Promise<Generation> {
  const generation = await generations.find(id);
  if (generation === undefined) throw new CatalystError('NOT_FOUND', `There is no generation ${id}.`);
  return generation;
}

/** Makes the collection, and from then on keeps every change of a document for it. Safe to repeat. */
export async function openGeneration({ generations, generationIndex }: GenerationDependencies, id: string): Promise<void> {
  const generation = await findGeneration(generations, id);
  await generationIndex.create(id, generation.contract, indexSettingsSchema.safeParse(generation.settings).data ?? settingsOfBefore, generation.tenant, generation.recut);
  await generations.follow(id);
}

/** Writes documents that are visible into the generation, from where the last call ended. */
export async function fillGeneration(dependencies: GenerationDependencies, id: string, context: ActivityContext): Promise<{ readonly filled: boolean }> {
  const { generations } = dependencies;
  const generation = await findGeneration(generations, id);
  const tenants = await heldTenants(generations, generation);
  const until = performance.now() + callMs;
  let cursor: FillCursor | undefined = await generations.readCursor(id);
  while (performance.now() < until) {
    const tenant: string | undefined = cursor?.tenant ?? tenants[0];
    if (tenant === undefined) return { filled: true };
    const documents = await generations.listDocuments(tenant, cursor?.after ?? null, documentsPerPage);
    await writeVisible(dependencies, generation, tenant, [...documents, ...(await generations.findKept(tenant, documents.map(({ documentId }) => documentId)))], context);
    const next = nextPlace(tenants, tenant, documents, documentsPerPage);
    cursor = next ?? { tenant, after: documents.at(-1)?.documentId ?? cursor?.after ?? null };
    await generations.writeCursor(id, cursor, documents.length);
    if (next === undefined) return { filled: true };
    context.progress(cursor);
  }
  return { filled: false };
}
