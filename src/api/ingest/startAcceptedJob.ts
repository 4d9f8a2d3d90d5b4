import { toCatalystError } from '../../contracts/errors.ts';
import type { PendingJob } from '../../ports/jobStarter.ts';
import type { ApiDependencies } from '../dependencies.ts';

/** The caller waits no longer than this for the workflow service: the job is stored, and the outbox starts it later. */
const patienceMs = 2_000;

/** Never rejects: a job that cannot be started now stays in the outbox, from where the relay starts it. */
export async function startAcceptedJob(dependencies: Pick<ApiDependencies, 'jobStarter' | 'outbox' | 'emit'>, job: PendingJob): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const patience = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, patienceMs);
  });
  await Promise.race([startNow(dependencies, job), patience]);
  clearTimeout(timer);
}

async function startNow({ jobStarter, outbox, emit }: Pick<ApiDependencies, 'jobStarter' | 'outbox' | 'emit'>, job: PendingJob): Promise<void> {
  try {
    await jobStarter.start(job);
    await outbox.remove(job.jobId);
  } catch (thrown) {
    const error = toCatalystError(thrown);
    emit({ type: 'dependency.failed', dependency: error.code === 'REGISTRY_UNAVAILABLE' ? 'postgres' : 'temporal', code: error.code, detail: `job ${job.jobId} stays in the outbox: ${error.message}` });
  }
}
