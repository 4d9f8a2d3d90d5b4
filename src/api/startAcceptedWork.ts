import { toCatalystError } from '../contracts/errors.ts';
import type { ApiDependencies } from './dependencies.ts';

/** The caller waits no longer than this for the workflow service: the work is stored, and the outbox starts it later. */
const patienceMs = 2_000;

type StartDependencies = Pick<ApiDependencies, 'workflowStarter' | 'outbox' | 'emit'>;

/**
 * Tells the workflow of a job, deletion or sweep that was accepted or changed. Never rejects: what cannot be told now stays in the
 * outbox, from where the relay tells it.
 */
export async function startAcceptedWork(dependencies: StartDependencies, id: string): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const patience = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, patienceMs);
  });
  await Promise.race([startNow(dependencies, id), patience]);
  clearTimeout(timer);
}

async function startNow({ workflowStarter, outbox, emit }: StartDependencies, id: string): Promise<void> {
  try {
    const work = await outbox.find(id);
    if (work === undefined) return;
    await workflowStarter.start(work);
    await outbox.remove(work);
  } catch (thrown) {
    const error = toCatalystError(thrown);
    emit({ type: 'dependency.failed', dependency: error.code === 'REGISTRY_UNAVAILABLE' ? 'postgres' : 'temporal', code: error.code, detail: `${id} stays in the outbox: ${error.message}` });
  }
}
