import { z } from 'zod';
import { jobsPageSchema } from '../../contracts/jobs.ts';
import { jobProgressSchema } from '../../contracts/progress.ts';
import type { ApiDependencies } from '../dependencies.ts';
import { timePageQuery } from '../pages.ts';
import { principalOfRequest } from '../parseInput.ts';
import { defineRoute } from '../route.ts';
import type { Route } from '../route.ts';
import { noSuchJob } from './noSuchJob.ts';
import { jobParameters as parameters } from './parameters.ts';
import { withRemainingTime } from './remainingTime.ts';

type ReportDependencies = Pick<ApiDependencies, 'reports'>;

export function createReportRoutes(dependencies: ReportDependencies): Route[] {
  return [listRoute(dependencies), progressRoute(dependencies)];
}

function listRoute({ reports }: ReportDependencies): Route {
  return defineRoute({
    method: 'get',
    path: '/v1/jobs',
    scope: 'jobs:read',
    query: timePageQuery().extend({ sourceId: z.uuid().optional().meta({ description: 'Only runs of this registered source.' }) }),
    documentation: {
      operationId: 'listJobs',
      tag: 'Jobs',
      summary: 'Jobs, newest first',
      answers: { 200: { description: 'A page of jobs.', schema: jobsPageSchema } },
      failures: ['REGISTRY_UNAVAILABLE'],
    },
    async handle({ query: { sourceId, cursor, limit } }, request, response) {
      response.json(await reports.listJobs(principalOfRequest(request).tenant, { sourceId }, cursor, limit));
    },
  });
}

function progressRoute({ reports }: ReportDependencies): Route {
  return defineRoute({
    method: 'get',
    path: '/v1/jobs/:jobId/progress',
    scope: 'jobs:read',
    parameters,
    documentation: {
      operationId: 'getJobProgress',
      tag: 'Jobs',
      summary: 'How far a job is',
      description: 'Documents by state and stage, speed, what was spent, and the remaining time as an interval. The event `progress` of the stream tells the same.',
      answers: { 200: { description: 'The progress.', schema: jobProgressSchema } },
      failures: ['NOT_FOUND', 'REGISTRY_UNAVAILABLE'],
    },
    async handle({ parameters: { jobId } }, request, response) {
      const sample = await reports.progress(principalOfRequest(request).tenant, jobId);
      if (sample === undefined) throw noSuchJob(jobId);
      response.json(withRemainingTime(sample));
    },
  });
}
