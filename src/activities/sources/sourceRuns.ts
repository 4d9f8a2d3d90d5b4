import { v5 } from 'uuid';
import { CatalystError } from '../../contracts/errors.ts';
import type { JobScope, SourceScope } from '../../contracts/ingestion.ts';
import type { ActivityDependencies } from '../dependencies.ts';

/** Who asks for what a schedule starts. */
const scheduleSubject = 'schedule';

type SourceRunDependencies = Pick<ActivityDependencies, 'registeredSources' | 'jobs' | 'steering' | 'settings' | 'emit'>;

export interface AcceptedSourceRun {
  readonly scope: JobScope;
  /** Units in work at once. */
  readonly window: number;
}

/** Makes the job of a run of a source; the same run again makes no other. NOT_FOUND: the source was removed. */
export async function acceptSourceRun({ registeredSources, jobs, settings, emit }: SourceRunDependencies, { tenant, sourceId }: SourceScope, runId: string): Promise<AcceptedSourceRun> {
  const source = await registeredSources.find(tenant, sourceId);
  if (source === undefined) throw new CatalystError('NOT_FOUND', `There is no source ${sourceId}.`);
  const jobId = v5(runId, sourceId);
  const { definition, attributes, onMissing } = source;
  await jobs.accept({ tenant, subject: scheduleSubject }, { jobId, workflowId: `job/${tenant}/${jobId}`, documents: [], source: { sourceId, definition, attributes, onMissing } });
  emit({ type: 'job.accepted', tenant, jobId, documents: 0 });
  return { scope: { tenant, subject: scheduleSubject, jobId }, window: settings.window };
}

/** What a run did before it was cancelled stays. */
export async function cancelSourceRun({ steering }: SourceRunDependencies, { tenant, jobId, subject }: JobScope): Promise<void> {
  try {
    await steering.cancel(tenant, jobId, { mode: 'keep', by: subject });
  } catch (thrown) {
    // It has ended by itself meanwhile.
    if (!(thrown instanceof CatalystError && thrown.code === 'JOB_NOT_RUNNING')) throw thrown;
  }
}
