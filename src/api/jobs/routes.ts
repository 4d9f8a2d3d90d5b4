import { z } from 'zod';
import { jobDocumentsPageSchema, jobSchema, stateSchema } from '../../contracts/jobs.ts';
import type { ApiDependencies } from '../dependencies.ts';
import { pageLimit } from '../pages.ts';
import { parseInput, principalOfRequest } from '../parseInput.ts';
import { contextOf } from '../requestContext.ts';
import { defineRoute } from '../route.ts';
import type { Route } from '../route.ts';
import { noSuchJob } from './noSuchJob.ts';
import { jobParameters as parameters } from './parameters.ts';
import { streamJob } from './streamJob.ts';

const pageQuery = z.strictObject({
  state: stateSchema.optional().meta({ description: 'Only documents in this state.' }),
  cursor: z.string().regex(/^\d{1,9}$/, 'the "next" of an earlier page').optional().meta({ description: 'The `next` of the page before.' }),
  limit: pageLimit(),
});

/** As the stream sends them: digits. */
const eventIdSchema = z.string().regex(/^\d{1,18}$/, 'an id that the stream sent').optional();

type JobDependencies = Pick<ApiDependencies, 'jobs' | 'reports' | 'stopping'>;

export function createJobRoutes(dependencies: JobDependencies): Route[] {
  return [jobRoute(dependencies), jobDocumentsRoute(dependencies), jobEventsRoute(dependencies)];
}

/** OpenAPI 3.1 has no words for events: some tools hold a schema against the whole text, others against each event. So it says nothing. */
const eventStreamSchema = z.unknown().meta({ description: 'Events, as text.' });

function jobRoute({ jobs }: JobDependencies): Route {
  return defineRoute({
    method: 'get',
    path: '/v1/jobs/:jobId',
    scope: 'jobs:read',
    parameters,
    documentation: {
      operationId: 'getJob',
      tag: 'Jobs',
      summary: 'State of a job',
      description: 'A job is `succeeded` when all documents are, `failed` when all have failed, else `partial`; until then `queued` or `running`.',
      answers: { 200: { description: 'State, counts, and failures by code.', schema: jobSchema } },
      failures: ['NOT_FOUND', 'REGISTRY_UNAVAILABLE'],
    },
    async handle({ parameters: { jobId } }, request, response) {
      const job = await jobs.find(principalOfRequest(request).tenant, jobId);
      if (job === undefined) throw noSuchJob(jobId);
      response.json(job);
    },
  });
}

function jobDocumentsRoute({ jobs }: JobDependencies): Route {
  return defineRoute({
    method: 'get',
    path: '/v1/jobs/:jobId/documents',
    scope: 'jobs:read',
    parameters,
    query: pageQuery,
    documentation: {
      operationId: 'listJobDocuments',
      tag: 'Jobs',
      summary: 'Documents of a job',
      description: 'In the order of the request. Where `next` is not null, send it as `cursor` for the page after. Of documents whose labels the caller does not hold `title` and `preview` are null, the location is empty, and the message of a failure is that of its code.',
      answers: { 200: { description: 'A page of documents with their states.', schema: jobDocumentsPageSchema } },
      failures: ['NOT_FOUND', 'REGISTRY_UNAVAILABLE'],
    },
    async handle({ parameters: { jobId }, query: { state, cursor, limit } }, request, response) {
      const page = await jobs.listDocuments(principalOfRequest(request), jobId, state === undefined ? {} : { state }, cursor, limit);
      if (page === undefined) throw noSuchJob(jobId);
      response.json(page);
    },
  });
}

function jobEventsRoute({ jobs, reports, stopping }: JobDependencies): Route {
  return defineRoute({
    method: 'get',
    path: '/v1/jobs/:jobId/events',
    scope: 'jobs:read',
    parameters,
    documentation: {
      operationId: 'streamJobEvents',
      tag: 'Jobs',
      summary: 'Follow a job',
      description:
        'Server-sent events: `document` (a JobEvent) when a document changes its state, `job` (a Job), first and then at most once a second, `progress` (a JobProgress) every two seconds. ' +
        'The `job` event with a final state is the last one, then the stream closes; a stream that closes before it is to be opened again. ' +
        'Send `Last-Event-ID` to continue after an event.',
      answers: { 200: { description: 'The event stream.', mediaType: 'text/event-stream', schema: eventStreamSchema, example: 'event: job\ndata: {"id":"…","state":"running",…}\n\n' } },
      failures: ['INVALID_REQUEST', 'NOT_FOUND', 'REGISTRY_UNAVAILABLE'],
      headers: z.object({ 'Last-Event-ID': z.string().optional().meta({ description: 'The id of the last event seen.', example: '42' }) }),
    },
    async handle({ parameters: { jobId } }, request, response) {
      const lastEventId = parseInput(eventIdSchema, request.get('last-event-id') || undefined, '/header/Last-Event-ID');
      await streamJob({ jobs, reports, stopping }, { tenant: principalOfRequest(request).tenant, jobId, lastEventId, readmit: contextOf(request).readmit }, request, response);
    },
  });
}
