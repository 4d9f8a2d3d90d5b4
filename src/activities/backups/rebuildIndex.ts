import type { RestoreScope } from '../../contracts/backups.ts';
import type { Generation } from '../../contracts/generations.ts';
import { settingsOfBefore } from '../../contracts/indexSettings.ts';
import { isLoss } from '../../contracts/isLoss.ts';
import { CatalystError, toCatalystError } from '../../contracts/errors.ts';
import type { FillCursor, VisibleDocument } from '../../ports/generationRegistry.ts';
import type { ActivityContext } from '../activityContext.ts';
import { inTurns } from './inTurns.ts';
import { togetherOrEach } from '../togetherOrEach.ts';
import { followChanges } from '../generations/followChanges.ts';
import { findGeneration } from '../generations/fillGeneration.ts';
import { nextPlace } from '../generations/nextPlace.ts';
import { writeVisible } from '../generations/writeVisible.ts';
import type { BackupDependencies } from './dependencies.ts';

const documentsPerPage = 100;
const documentsPerGroup = 25;
const groupsAtOnce = 3;
const callMs = 60_000;
const mostExamples = 20;

/** Has the generations that aliases lead to be known as those that serve, and keep a mark of every document that changes from now on. */
export async function openServing(dependencies: BackupDependencies): Promise<void> {
  const { generations, generationIndex, restores } = dependencies;
  const id = await generationIndex.serving();
  const contract = id === undefined ? undefined : await generationIndex.contractOf(id);
  if (id === undefined || contract === undefined) throw new CatalystError('CONFLICT', `The alias ${generationIndex.alias} leads to no generation of this product. API and worker make one when they start.`);
  const lost: string[] = [];
  for (const known of await generations.list()) {
    if (known.id !== id && known.state !== 'dropped' && (await generationIndex.contractOf(known.id)) === undefined) lost.push(known.id);
  }
  await restores.adoptServing({ id, contract, recut: (await generationIndex.recutOf(id)) ?? null, settings: generationIndex.describe((await generationIndex.settingsOf(id)) ?? settingsOfBefore) }, lost);
  for (const serving of await listServing(dependencies)) await generations.follow(serving.id);
}

async function listServing({ generations }: BackupDependencies): Promise<Generation[]> {
  return (await generations.list()).filter(({ state }) => state === 'serving');
}

/**
 * Writes all that searches are to find, now and as of earlier times, into the generations that serve, of artifacts alone, from where the last
 * call ended. A document whose artifacts are not there is left out and named. At the end the generations follow what changed meanwhile.
 */
export async function rebuildIndex(dependencies: BackupDependencies, { restoreId }: RestoreScope, context: ActivityContext): Promise<{ readonly filled: boolean }> {
  const { generations, restores } = dependencies;
  const tenants = await generations.listTenants();
  const until = performance.now() + callMs;
  let cursor: FillCursor | undefined = await restores.readCursor(restoreId);
  while (performance.now() < until) {
    const tenant: string | undefined = cursor?.tenant ?? tenants[0];
    const next = tenant === undefined ? undefined : await rebuildPage(dependencies, restoreId, tenants, { tenant, after: cursor?.after ?? null }, context);
    if (next === undefined) {
      await concludeIndex(dependencies, restoreId, tenants, context);
      return { filled: true };
    }
    cursor = next;
    await restores.writeCursor(restoreId, cursor);
    context.progress(cursor);
  }
  return { filled: false };
}

async function rebuildPage(dependencies: BackupDependencies, restoreId: string, tenants: readonly string[], { tenant, after }: FillCursor, context: ActivityContext): Promise<FillCursor | undefined> {
  const documents = await dependencies.generations.listDocuments(tenant, after, documentsPerPage);
  const kept = await dependencies.generations.findKept(tenant, documents.map(({ documentId }) => documentId));
  await writePage(dependencies, restoreId, await generationOf(dependencies, tenant), tenant, [...documents, ...kept], context);
  return nextPlace(tenants, tenant, documents, documentsPerPage);
}

/** The one that the tenant's searches read. */
async function generationOf({ generations, generationIndex }: BackupDependencies, tenant: string): Promise<Generation> {
  const id = await generationIndex.serving(tenant);
  if (id === undefined) throw new CatalystError('CONFLICT', `The alias ${generationIndex.aliasOf(tenant)} leads to no generation.`);
  return findGeneration(generations, id);
}

/** Some are read while others are written. */
async function writePage(dependencies: BackupDependencies, restoreId: string, generation: Generation, tenant: string, documents: readonly VisibleDocument[], context: ActivityContext): Promise<void> {
  const groups = Array.from({ length: Math.ceil(documents.length / documentsPerGroup) }, (_, place) => documents.slice(place * documentsPerGroup, (place + 1) * documentsPerGroup));
  const lost: string[] = [];
  await inTurns(groupsAtOnce, groups, async (group) => void lost.push(...(await writeGroup(dependencies, generation, tenant, group, context))));
  for (const example of lost) await noteLost(dependencies, restoreId, example);
}

/** Answers which of them have lost their artifacts. */
function writeGroup(dependencies: BackupDependencies, generation: Generation, tenant: string, documents: readonly VisibleDocument[], context: ActivityContext): Promise<string[]> {
  const write = async (those: readonly VisibleDocument[]): Promise<string[]> => {
    await writeVisible(dependencies, generation, tenant, those, context);
    return [];
  };
  return togetherOrEach(documents, write, { isOfOne: isLoss, failed: ({ documentId }, thrown) => [`${tenant}/${documentId}: ${toCatalystError(thrown).message}`] });
}

/** The same one again, by a page that is tried again, counts once while it is among the examples. */
async function noteLost({ restores }: BackupDependencies, restoreId: string, example: string): Promise<void> {
  const report = (await restores.find(restoreId))?.report;
  if (report === undefined || report.lostExamples.includes(example)) return;
  await restores.report(restoreId, { lostDocuments: report.lostDocuments + 1, lostExamples: [...report.lostExamples, example].slice(0, mostExamples) });
}

async function concludeIndex(dependencies: BackupDependencies, restoreId: string, tenants: readonly string[], context: ActivityContext): Promise<void> {
  const { generations, restores } = dependencies;
  for (const { id } of await listServing(dependencies)) {
    while (!(await followChanges(dependencies, id, context)).current);
    await restores.unfollow(id);
  }
  const sums = { documents: 0, expectedPoints: 0 };
  for (const tenant of tenants) {
    const { documents, points } = await generations.sumDocuments(tenant, (await generationOf(dependencies, tenant)).recut);
    sums.documents += documents;
    sums.expectedPoints += points;
    context.progress(tenant);
  }
  await restores.report(restoreId, { ...sums, points: await countPoints(dependencies, tenants), tenantsToMove: await listTenantsToMove(dependencies, tenants) });
}

/** Those that are to have a collection of their own, and were put into the shared one: a compaction moves them, under searches and writes. */
async function listTenantsToMove({ generationIndex }: BackupDependencies, tenants: readonly string[]): Promise<string[]> {
  const shared = await generationIndex.serving();
  const found: string[] = [];
  for (const tenant of generationIndex.dedicatedTenants) {
    if (tenants.includes(tenant) && (await generationIndex.serving(tenant)) === shared) found.push(tenant);
  }
  return found;
}

/** Of every tenant those in the generation that serves it. */
async function countPoints(dependencies: BackupDependencies, tenants: readonly string[]): Promise<number> {
  const { generationIndex } = dependencies;
  let points = 0;
  for (const { id } of await listServing(dependencies)) {
    for (const found of await generationIndex.countByTenant(id, tenants.length)) {
      if ((await generationIndex.serving(found.tenant)) === id) points += found.points;
    }
  }
  return points;
}
