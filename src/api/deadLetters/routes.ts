import { z } from 'zod';
import { deadLetterSelectionSchema, deadLettersPageSchema, deadLetterSummarySchema, replayAnswerSchema } from '../../contracts/deadLetters.ts';
import type { ReplayAnswer } from '../../contracts/deadLetters.ts';
import { errorTable } from '../../contracts/errors.ts';
import type { ErrorCode } from '../../contracts/errors.ts';
import type { ApiDependencies } from '../dependencies.ts';
import { mapConcurrently } from '../mapConcurrently.ts';
import { timePageQuery } from '../pages.ts';
import { principalOfRequest } from '../parseInput.ts';
import { defineRoute } from '../route.ts';
import type { Route } from '../route.ts';
import { startAcceptedWork } from '../startAcceptedWork.ts';

type DeadLetterDependencies = Pick<ApiDependencies, 'reports' | 'steering' | 'workflowStarter' | 'outbox' | 'emit'>;

export function createDeadLetterRoutes(dependencies: DeadLetterDependencies): Route[] {
  return [listRoute(dependencies), summaryRoute(dependencies), replayRoute(dependencies)];
}

const listQuery = timePageQuery().extend({
  code: z.enum(Object.keys(errorTable) as [ErrorCode, ...ErrorCode[]]).optional().meta({ description: 'Only those that failed with this code.' }),
  jobId: z.uuid().optional(),
});

function listRoute({ reports }: DeadLetterDependencies): Route {
  return defineRoute({
    method: 'get',
    path: '/v1/dead-letters',
    scope: 'jobs:read',
    query: listQuery,
    documentation: {
      operationId: 'listDeadLetters',
      tag: 'Dead letters',
      summary: 'Documents that failed for good',
      description: 'With their class, last error, attempts, and the artifacts of the stages before. A document leaves the list when it is replayed or a later request brings it in. Of one whose labels the caller does not hold the location is empty, the message is that of the code, and no artifacts are named.',
      answers: { 200: { description: 'A page, newest first.', schema: deadLettersPageSchema } },
      failures: ['REGISTRY_UNAVAILABLE'],
    },
    async handle({ query: { code, jobId, cursor, limit } }, request, response) {
      const selection = { ...(code === undefined ? {} : { codes: [code] }), ...(jobId === undefined ? {} : { jobId }) };
      response.json(await reports.listDeadLetters(principalOfRequest(request), selection, cursor, limit));
    },
  });
}

function summaryRoute({ reports }: DeadLetterDependencies): Route {
  return defineRoute({
    method: 'get',
    path: '/v1/dead-letters/summary',
    scope: 'jobs:read',
    documentation: {
      operationId: 'summariseDeadLetters',
      tag: 'Dead letters',
      summary: 'Failures by kind',
      description: 'One line for each kind: messages that differ only in names, numbers or addresses are one kind.',
      answers: { 200: { description: 'Kinds, most frequent first.', schema: deadLetterSummarySchema } },
      failures: ['REGISTRY_UNAVAILABLE'],
    },
    async handle(_input, request, response) {
      response.json(await reports.summariseDeadLetters(principalOfRequest(request)));
    },
  });
}

function replayRoute(dependencies: DeadLetterDependencies): Route {
  return defineRoute({
    method: 'post',
    path: '/v1/dead-letters/replay',
    scope: 'jobs:write',
    body: deadLetterSelectionSchema,
    documentation: {
      operationId: 'replayDeadLetters',
      tag: 'Dead letters',
      summary: 'Try failed documents again',
      description: 'In their own jobs, which go back into work.',
      answers: { 200: { description: 'How many documents, in which jobs.', schema: replayAnswerSchema } },
      failures: ['REGISTRY_UNAVAILABLE'],
    },
    async handle({ body }, request, response) {
      const { documents, jobs } = await dependencies.steering.replay(principalOfRequest(request).tenant, body);
      await mapConcurrently(jobs, 4, (jobId) => startAcceptedWork(dependencies, jobId));
      response.json({ documents, jobs: [...jobs] } satisfies ReplayAnswer);
    },
  });
}
