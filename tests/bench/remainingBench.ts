import { setTimeout } from 'node:timers/promises';
import type { DocumentInput } from '../../src/sdk/client.ts';
import { startFullStack } from '../support/fullStack.ts';
import type { FullStack } from '../support/fullStack.ts';
import { startSlowEndpoint } from './remaining/slowEndpoint.ts';
import { scenarios } from './remaining/scenarios.ts';
import type { PlannedJob, Scenario } from './remaining/scenarios.ts';
import { watchJob } from './remaining/watchJob.ts';
import type { Foretelling } from './remaining/watchJob.ts';
import { round } from './statistics.ts';

export interface RemainingReport {
  readonly jobs: readonly Foretelling[];
  /** Share of all intervals that held the truth; the aim is 0.8. */
  readonly inside: number;
  /** The same, every job counting alike, however long it ran. */
  readonly insideByJob: number;
}

/** (g) What `GET /v1/jobs/:id/progress` foretells every second, against when jobs of several kinds really ended. */
export async function benchRemaining(texts: readonly DocumentInput[], log: (line: string) => void): Promise<RemainingReport> {
  const jobs: Foretelling[] = [];
  for (const scenario of scenarios) {
    for (const foretelling of await runScenario(scenario, texts)) {
      jobs.push(foretelling);
      log(`remaining: ${foretelling.job} (${foretelling.seconds} s): ${foretelling.inside} inside of ${foretelling.answered}`);
    }
  }
  const answered = jobs.reduce((sum, job) => sum + job.answered, 0);
  const telling = jobs.filter((job) => job.answered > 0);
  return {
    jobs,
    inside: round(telling.reduce((sum, job) => sum + job.inside * job.answered, 0) / answered, 3),
    insideByJob: round(telling.reduce((sum, job) => sum + job.inside, 0) / telling.length, 3),
  };
}

async function runScenario(scenario: Scenario, texts: readonly DocumentInput[]): Promise<Foretelling[]> {
  const endpoint = await startSlowEndpoint();
  const stack = await startFullStack(scenario.environment(endpoint.baseUrl));
  try {
    const foretellings: Foretelling[] = [];
    for (const [number, job] of scenario.jobs(texts).entries()) foretellings.push(await runJob(stack, `${scenario.name}: ${job.name}`, `remaining-${number}`, job));
    return foretellings;
  } finally {
    await stack.stop();
    endpoint.close();
  }
}

async function runJob(stack: FullStack, name: string, tenant: string, { documents, beside }: PlannedJob): Promise<Foretelling> {
  const client = await stack.clientFor(tenant);
  const { jobId } = await client.ingest({ documents });
  const [foretelling] = await Promise.all([watchJob(client, name, jobId), beside === undefined ? undefined : runBeside(stack, `${tenant}-beside`, beside)]);
  return foretelling;
}

async function runBeside(stack: FullStack, tenant: string, { afterSeconds, documents }: NonNullable<PlannedJob['beside']>): Promise<void> {
  await setTimeout(afterSeconds * 1000);
  const client = await stack.clientFor(tenant);
  const { jobId } = await client.ingest({ documents });
  await client.waitForJob(jobId);
}
