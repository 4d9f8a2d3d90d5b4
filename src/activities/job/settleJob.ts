import { v5 } from 'uuid';
import type { DeletionScope, JobScope } from '../../contracts/ingestion.ts';
import type { DocumentSpecification } from '../../contracts/specification.ts';
import type { RestorableDocument } from '../../ports/documentRegistry.ts';
import type { NewDeletion } from '../../ports/deletionRegistry.ts';
import { currentActivity } from '../activityContext.ts';
import type { ActivityDependencies } from '../dependencies.ts';

type SettleDependencies = Pick<ActivityDependencies, 'discoveries' | 'deletions' | 'documents' | 'jobs'>;

/** Documents deleted at once, each such group with a receipt of its own. */
const documentsPerDeletion = 1_000;

/** Accepts the deletion of what the source of a job no longer has; null where nothing (more) is missing. `removed`: how many went before. */
export async function acceptMissing({ discoveries, deletions }: SettleDependencies, scope: JobScope, removed: number): Promise<{ readonly deletion: DeletionScope; readonly documents: number } | null> {
  const { tenant, jobId } = scope;
  const missing = await discoveries.listMissing(tenant, jobId, documentsPerDeletion);
  if (missing.length === 0) return null;
  const deletion = await acceptDeletion(deletions, scope, `missing:${removed}`, missing, 'missing');
  await discoveries.recordMissing(tenant, jobId, removed + missing.length);
  return { deletion, documents: missing.length };
}

export interface UndoPage {
  readonly deletion: DeletionScope | null;
  /** The job that brings back the versions before. */
  readonly restoring: JobScope | null;
  /** Where the next page starts; null: there is none. */
  readonly last: number | null;
}

/** Accepts what undoing a page of the job's documents means: a deletion of those it made, a job that brings back what it changed. */
export async function undoPage({ documents, deletions, jobs }: SettleDependencies, scope: JobScope, after: number, limit: number): Promise<UndoPage> {
  const { remove, restore, last } = await documents.planUndo(scope.tenant, scope.jobId, after, limit);
  const deletion = remove.length === 0 ? null : await acceptDeletion(deletions, scope, `undo:${after}`, remove, 'undo');
  const restoring = restore.length === 0 ? null : await acceptRestoring(jobs, scope, after, restore);
  return { deletion, restoring, last };
}

async function acceptRestoring(jobs: SettleDependencies['jobs'], scope: JobScope, after: number, restore: readonly RestorableDocument[]): Promise<JobScope> {
  const { tenant, subject } = scope;
  const jobId = nameOf(scope, `restore:${after}`);
  const documents = restore.map(({ specification }, index): DocumentSpecification => ({ ...specification, index }));
  await jobs.accept({ tenant, subject }, { jobId, workflowId: `job/${tenant}/${jobId}`, documents });
  return { tenant, subject, jobId };
}

async function acceptDeletion(deletions: SettleDependencies['deletions'], scope: JobScope, name: string, documents: readonly string[], reason: NewDeletion['reason']): Promise<DeletionScope> {
  const { tenant, subject } = scope;
  const id = nameOf(scope, name);
  await deletions.accept({ tenant, subject }, { id, workflowId: `deletion/${tenant}/${id}`, request: { documents: [...documents] }, reason });
  return { tenant, deletionId: id };
}

/** The same in every try of an activity, another in every run of the job's workflow: what a later run finds is work of its own. */
function nameOf({ jobId }: JobScope, name: string): string {
  return v5(`${currentActivity()?.workflow.runId ?? ''}:${name}`, jobId);
}
