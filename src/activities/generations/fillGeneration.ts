import { CatalystError } from '../../contracts/errors.ts';
import type { FillCursor } from '../../ports/generationRegistry.ts';
import type { ActivityContext } from '../activityContext.ts';
import type { GenerationDependencies } from './dependencies.ts';
import { writeVisible } from './writeVisible.ts';

const documentsPerPage = 100;
/** One call of the activity: a lost one costs no more than this, and the cursor stands after every page. */
const callMs = 60_000;

/** Makes the collection, and from then on keeps every change of a document for it. Safe to repeat. */
export async function openGeneration({ generations, generationIndex }: GenerationDependencies, id: string): Promise<void> {
  const generation = await generations.find(id);
  if (generation === undefined) throw new CatalystError('NOT_FOUND', `There is no generation ${id}.`);
  await generationIndex.create(id, generation.contract);
  await generations.follow(id);
}

/** Writes documents that are visible into the generation, from where the last call ended. */
export async function fillGeneration(dependencies: GenerationDependencies, id: string, context: ActivityContext): Promise<{ readonly filled: boolean }> {
  const { generations } = dependencies;
  const tenants = await generations.listTenants();
  const until = performance.now() + callMs;
  let cursor: FillCursor | undefined = await generations.readCursor(id);
  while (performance.now() < until) {
    const tenant: string | undefined = cursor?.tenant ?? tenants[0];
    if (tenant === undefined) return { filled: true };
    const documents = await generations.listDocuments(tenant, cursor?.after ?? null, documentsPerPage);
    await writeVisible(dependencies, id, tenant, [...documents, ...(await generations.findKept(tenant, documents.map(({ documentId }) => documentId)))]);
    const last = documents.length === documentsPerPage ? documents.at(-1) : undefined;
    const next = tenants.find((name) => name > tenant);
    if (last === undefined && next === undefined) return { filled: true };
    cursor = last === undefined ? { tenant: next as string, after: null } : { tenant, after: last.documentId };
    await generations.writeCursor(id, cursor);
    context.progress(cursor);
  }
  return { filled: false };
}
