import type { IndexRange, IngestUnit, JobScope, UnitPage } from '../../contracts/ingestion.ts';
import type { DocumentSpecification } from '../../contracts/specification.ts';
import type { JobTask } from '../../ports/jobRegistry.ts';
import type { ActivityDependencies, IngestionSettings } from '../dependencies.ts';

/** The next documents of a job that are not finished, nor in work already (`busy`), grouped into units of work. */
export async function planUnits(dependencies: Pick<ActivityDependencies, 'jobs' | 'settings'>, scope: JobScope, after: number, limit: number, busy: readonly IndexRange[] = []): Promise<UnitPage> {
  const control = await dependencies.jobs.loadControl(scope.tenant, scope.jobId);
  const tasks = await dependencies.jobs.listUnfinishedTasks(scope.tenant, scope.jobId, after, limit);
  return { units: groupTasks(tasks.filter(({ index }) => !isBusy(index, busy)), dependencies.settings), after: tasks.at(-1)?.index ?? after, last: tasks.length < limit, control };
}

/**
 * Small stored documents go together, since a workflow for each would cost more than its work; everything else goes alone,
 * so that a slow site or a large file holds up nobody.
 */
export function groupTasks(tasks: readonly JobTask[], settings: SliceSettings): IngestUnit[] {
  const units: IngestUnit[] = [];
  let slice: JobTask[] = [];
  const closeSlice = () => {
    if (slice.length > 0) units.push(toUnit(slice));
    slice = [];
  };
  for (const task of tasks) {
    if (!isSmall(task, settings)) {
      units.push(toUnit([task]));
      continue;
    }
    if (slice.length === settings.sliceDocuments || totalBytes(slice) + totalBytes([task]) > settings.sliceBytes) closeSlice();
    slice.push(task);
  }
  closeSlice();
  return units;
}

function isBusy(index: number, busy: readonly IndexRange[]): boolean {
  return busy.some(([first, last]) => index >= first && index <= last);
}

type SliceSettings = Pick<IngestionSettings, 'sliceDocuments' | 'sliceBytes'>;

/** A document of more than an eighth of a slice is worth a workflow of its own. */
function isSmall(task: JobTask, settings: SliceSettings): boolean {
  const { origin, bytes } = task.specification;
  return settings.sliceDocuments > 1 && origin.type === 'stored' && bytes !== undefined && bytes <= settings.sliceBytes / 8;
}

function totalBytes(tasks: readonly JobTask[]): number {
  return tasks.reduce((sum, task) => sum + (task.specification.bytes ?? 0), 0);
}

function toUnit(tasks: readonly JobTask[]): IngestUnit {
  const [first] = tasks as [JobTask];
  const source = sourceLabel(first.specification);
  return tasks.length === 1 ? { indexes: [first.index], documentId: first.specification.documentId, source } : { indexes: tasks.map(({ index }) => index), source };
}

function sourceLabel(specification: DocumentSpecification): string {
  return specification.origin.type === 'url' ? new URL(specification.origin.url).host : specification.source.type;
}
