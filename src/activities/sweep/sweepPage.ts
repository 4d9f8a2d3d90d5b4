import { CatalystError } from '../../contracts/errors.ts';
import { digestOf } from '../../contracts/identifiers.ts';
import type { SweepScope } from '../../contracts/ingestion.ts';
import type { SweepReport } from '../../contracts/sweeps.ts';
import type { ObjectVerdict } from '../../ports/sweepRegistry.ts';
import type { ActivityContext } from '../activityContext.ts';
import type { SweepDependencies } from './dependencies.ts';

const objectsPerPage = 1_000;

/**
 * Looks at a page of the tenant's objects and removes what nothing needs any more; a dry run reports only. `page` counts the calls: a try
 * that was cut off is taken up where it was, by what it had condemned.
 */
export async function sweepPage(dependencies: SweepDependencies, { tenant, sweepId }: SweepScope, cursor: string | null, page: number, context: ActivityContext): Promise<{ readonly next: string | null }> {
  const { sweeps, artifacts } = dependencies;
  const sweep = await sweeps.find(tenant, sweepId);
  if (sweep === undefined) throw new CatalystError('NOT_FOUND', `There is no sweep ${sweepId}.`);
  const listed = await artifacts.listObjects(tenant, cursor ?? undefined, objectsPerPage);
  const { next } = listed;
  // What a tenant has put into its area is the tenant's to remove, used or not.
  const objects = listed.objects.filter(({ ours }) => ours);
  const verdicts = sweep.dryRun ? await sweeps.judge(tenant, objects) : await sweeps.condemn(tenant, { sweepId, page, objects });
  context.progress('judged');
  if (!sweep.dryRun) {
    await artifacts.deleteObjects(tenant, verdicts.filter(({ fate }) => fate !== 'keep').map(({ uri }) => uri));
    await artifacts.erase(tenant, verdicts.flatMap(({ erasable }) => erasable));
  }
  await sweeps.addToReport(tenant, sweepId, page, toReport(verdicts, sweep.dryRun));
  return { next: next ?? null };
}

function toReport(verdicts: readonly ObjectVerdict[], dryRun: boolean): SweepReport {
  const sum = (chosen: readonly ObjectVerdict[]) => ({ objects: chosen.length, bytes: chosen.reduce((total, { bytes }) => total + bytes, 0) });
  const fated = (fate: ObjectVerdict['fate']) => sum(verdicts.filter((verdict) => verdict.fate === fate));
  const names = verdicts.flatMap(({ uri, fate, erasable }) => [...(fate === 'keep' ? [] : [uri]), ...erasable.map(({ offset, length }) => `${uri} ${offset} ${length}`)]);
  return {
    looked: sum(verdicts),
    orphans: fated('orphan'),
    replacedVersions: fated('replaced'),
    uploads: fated('upload'),
    erasedRanges: verdicts.reduce((total, { erasable }) => total + erasable.length, 0),
    examples: verdicts.filter(({ fate }) => fate !== 'keep').slice(0, 20).map(({ uri }) => uri),
    removed: dryRun || names.length === 0 ? null : digestOf(names.join('\n')),
  };
}
