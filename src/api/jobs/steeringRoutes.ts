import type { Request, Response } from 'express';
import type { z } from 'zod';
import type { ErrorCode } from '../../contracts/errors.ts';
import { jobSchema, retryAnswerSchema } from '../../contracts/jobs.ts';
import type { Job } from '../../contracts/jobs.ts';
import type { Principal } from '../../contracts/principal.ts';
import { approveRequestSchema, cancelRequestSchema, jobChangeSchema, retryRequestSchema } from '../../contracts/steering.ts';
import type { JobSteering } from '../../ports/jobSteering.ts';
import type { ApiDependencies } from '../dependencies.ts';
import { principalOfRequest } from '../parseInput.ts';
import { defineRoute } from '../route.ts';
import type { Route, RouteDocumentation } from '../route.ts';
import { startAcceptedWork } from '../startAcceptedWork.ts';
import { noSuchJob } from './noSuchJob.ts';
import { refuseSpentBudget } from './refuseSpentBudget.ts';
import { jobParameters as parameters } from './parameters.ts';

type SteeringDependencies = Pick<ApiDependencies, 'jobs' | 'steering' | 'workflowStarter' | 'outbox' | 'emit'>;

const failures = ['NOT_FOUND', 'JOB_NOT_RUNNING', 'REGISTRY_UNAVAILABLE'] as const satisfies readonly ErrorCode[];

/** Changes to a job. Each is stored durably before it is answered; the workflow is told at once, or as soon as it can be. */
export function createSteeringRoutes(dependencies: SteeringDependencies): Route[] {
  return [pauseRoute(dependencies), resumeRoute(dependencies), approveRoute(dependencies), cancelRoute(dependencies), changeRoute(dependencies), retryRoute(dependencies)];
}

function pauseRoute(dependencies: SteeringDependencies): Route {
  return defineRoute({
    method: 'post',
    path: '/v1/jobs/:jobId/pause',
    scope: 'jobs:write',
    parameters,
    documentation: documentation('pauseJob', 'Pause a job', 'Documents in work finish the stage they are in and then rest; nothing new is begun. The job waits for `resume`, for as long as it takes.'),
    handle: ({ parameters: { jobId } }, request, response) =>
      steer(dependencies, jobId, request, response, (steering, { tenant, subject }) =>
        steering.pause(tenant, jobId, { reason: 'request', detail: `${subject} paused the job.`, remedy: 'Resume it to go on.', by: subject }),
      ),
  });
}

function resumeRoute(dependencies: SteeringDependencies): Route {
  return defineRoute({
    method: 'post',
    path: '/v1/jobs/:jobId/resume',
    scope: 'jobs:write',
    parameters,
    documentation: documentation('resumeJob', 'Resume a paused job', 'Also one that paused itself since the fetch service had no credits. A job whose budget is used up pauses again unless it is approved with another.'),
    handle: ({ parameters: { jobId } }, request, response) => steer(dependencies, jobId, request, response, (steering, { tenant }) => steering.resume(tenant, jobId)),
  });
}

function approveRoute(dependencies: SteeringDependencies): Route {
  return defineRoute({
    method: 'post',
    path: '/v1/jobs/:jobId/approve',
    scope: 'jobs:write',
    parameters,
    body: approveRequestSchema,
    documentation: documentation('approveJob', 'Let a job go on beyond its budget', 'Sets the budget, or lifts it, and resumes the job. A budget that is spent already is refused.'),
    handle: ({ parameters: { jobId }, body: { budget } }, request, response) =>
      steer(dependencies, jobId, request, response, async (steering, { tenant }) => {
        if (budget !== null) refuseSpentBudget(budget, (await jobOf(dependencies, tenant, jobId)).spent);
        await steering.approve(tenant, jobId, budget);
      }),
  });
}

function cancelRoute(dependencies: SteeringDependencies): Route {
  return defineRoute({
    method: 'post',
    path: '/v1/jobs/:jobId/cancel',
    scope: 'jobs:write',
    furtherScopes: [{ scope: 'documents:delete', when: '"mode": "undo"', isNeeded: ({ body }) => body.mode === 'undo' }],
    parameters,
    body: cancelRequestSchema,
    documentation: documentation('cancelJob', 'Cancel a job', 'Documents that are not done end as `failed` with `CANCELLED`. `keep` leaves what is done; `undo` deletes documents that the job made and gives those that it changed their version before back, where no later job changed them.'),
    handle: ({ parameters: { jobId }, body: { mode } }, request, response) => steer(dependencies, jobId, request, response, (steering, { tenant, subject }) => steering.cancel(tenant, jobId, { mode, by: subject })),
  });
}

function changeRoute(dependencies: SteeringDependencies): Route {
  return defineRoute({
    method: 'patch',
    path: '/v1/jobs/:jobId',
    scope: 'jobs:write',
    parameters,
    body: jobChangeSchema,
    documentation: documentation('changeJob', 'Change how much of a job is in work at once', 'Takes effect with the next document that is begun.'),
    handle: ({ parameters: { jobId }, body: { concurrency } }, request, response) => steer(dependencies, jobId, request, response, (steering, { tenant }) => steering.setConcurrency(tenant, jobId, concurrency)),
  });
}

function retryRoute(dependencies: SteeringDependencies): Route {
  return defineRoute({
    method: 'post',
    path: '/v1/jobs/:jobId/retry',
    scope: 'jobs:write',
    parameters,
    body: retryRequestSchema,
    documentation: {
      operationId: 'retryJob',
      tag: 'Jobs',
      summary: 'Retry failed documents of a job',
      description: 'All of them, those that failed with certain codes, or chosen ones. A finished job goes back into work. What was made before the failure is found again and not made twice.',
      answers: { 200: { description: 'How many documents are queued again.', schema: retryAnswerSchema } },
      failures,
    },
    async handle({ parameters: { jobId }, body }, request, response) {
      const documents = await dependencies.steering.retry(principalOfRequest(request).tenant, jobId, body);
      await startAcceptedWork(dependencies, jobId);
      response.json({ documents } satisfies z.infer<typeof retryAnswerSchema>);
    },
  });
}

function documentation(operationId: string, summary: string, description: string): RouteDocumentation {
  return { operationId, tag: 'Jobs', summary, description, answers: { 200: { description: 'The job as it is now.', schema: jobSchema } }, failures };
}

async function steer(dependencies: SteeringDependencies, jobId: string, request: Request, response: Response, change: (steering: JobSteering, principal: Principal) => Promise<void>): Promise<void> {
  const principal = principalOfRequest(request);
  await change(dependencies.steering, principal);
  await startAcceptedWork(dependencies, jobId);
  response.json(await jobOf(dependencies, principal.tenant, jobId));
}

async function jobOf({ jobs }: SteeringDependencies, tenant: string, jobId: string): Promise<Job> {
  const job = await jobs.find(tenant, jobId);
  if (job === undefined) throw noSuchJob(jobId);
  return job;
}
