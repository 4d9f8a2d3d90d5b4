import type { Request, Response } from 'express';
import { backfillRequestSchema, registeredSourceSchema, scheduleStateSchema } from '../../contracts/sources.ts';
import type { Schedule, ScheduleState } from '../../contracts/sources.ts';
import { CatalystError } from '../../contracts/errors.ts';
import type { ApiDependencies } from '../dependencies.ts';
import { principalOfRequest } from '../parseInput.ts';
import { defineRoute } from '../route.ts';
import type { Route } from '../route.ts';
import { checkBackfill } from './checkBackfill.ts';
import { findSource } from './findSource.ts';
import { sourceParameters as parameters } from './parameters.ts';

type ScheduleDependencies = Pick<ApiDependencies, 'sources' | 'schedules'>;

export function createScheduleRoutes(dependencies: ScheduleDependencies): Route[] {
  return [
    describeRoute(dependencies),
    pauseRoute(dependencies, 'pause', 'pauseSource', 'Let the schedule of a source rest'),
    pauseRoute(dependencies, 'resume', 'resumeSource', 'Let the schedule of a source go on'),
    backfillRoute(dependencies),
  ];
}

const failures = ['NOT_FOUND', 'REGISTRY_UNAVAILABLE', 'WORKFLOWS_UNAVAILABLE'] as const;

function describeRoute({ sources, schedules }: ScheduleDependencies): Route {
  return defineRoute({
    method: 'get',
    path: '/v1/sources/:sourceId/schedule',
    scope: 'sources:read',
    parameters,
    documentation: {
      operationId: 'getSourceSchedule',
      tag: 'Sources',
      summary: 'When a source runs',
      answers: { 200: { description: 'Its next and recent runs.', schema: scheduleStateSchema } },
      failures,
    },
    async handle({ parameters: { sourceId } }, request, response) {
      const { tenant } = principalOfRequest(request);
      response.json((await describeSchedule({ sources, schedules }, tenant, sourceId)).state);
    },
  });
}

/** A schedule that got lost on the way to the workflow service is made anew. Throws NOT_FOUND where the source has none. */
async function describeSchedule({ sources, schedules }: ScheduleDependencies, tenant: string, sourceId: string): Promise<{ readonly schedule: Schedule; readonly state: ScheduleState }> {
  const source = await findSource({ sources }, tenant, sourceId);
  if (source.schedule === null) throw noSchedule(sourceId);
  let state = await schedules.describe(tenant, sourceId);
  if (state === undefined) {
    await schedules.apply(tenant, source);
    state = await schedules.describe(tenant, sourceId);
  }
  if (state === undefined) throw noSchedule(sourceId);
  return { schedule: source.schedule, state };
}

const noSchedule = (sourceId: string) => new CatalystError('NOT_FOUND', `The source ${sourceId} has no schedule.`);

function pauseRoute(dependencies: ScheduleDependencies, verb: 'pause' | 'resume', operationId: string, summary: string): Route {
  return defineRoute({
    method: 'post',
    path: `/v1/sources/:sourceId/${verb}`,
    scope: 'sources:run',
    parameters,
    documentation: { operationId, tag: 'Sources', summary, answers: { 200: { description: 'The source as it is now.', schema: registeredSourceSchema } }, failures },
    handle: ({ parameters: { sourceId } }, request, response) => setPaused(dependencies, sourceId, verb === 'pause', request, response),
  });
}

async function setPaused({ sources, schedules }: ScheduleDependencies, sourceId: string, paused: boolean, request: Request, response: Response): Promise<void> {
  const { tenant } = principalOfRequest(request);
  const { name, definition, attributes, onMissing, schedule } = await findSource({ sources }, tenant, sourceId);
  await sources.update(tenant, sourceId, { name, definition, attributes, onMissing, schedule, paused });
  const source = await findSource({ sources }, tenant, sourceId);
  await schedules.apply(tenant, source);
  response.json(source);
}

function backfillRoute({ sources, schedules }: ScheduleDependencies): Route {
  return defineRoute({
    method: 'post',
    path: '/v1/sources/:sourceId/backfill',
    scope: 'sources:run',
    parameters,
    body: backfillRequestSchema,
    documentation: {
      operationId: 'backfillSource',
      tag: 'Sources',
      summary: 'Make up for the runs of a span of time',
      description: 'As many runs as the schedule has between the two times, one after the other; at most 1,000, of the past.',
      answers: { 202: { description: 'The runs are requested.', schema: scheduleStateSchema } },
      failures,
    },
    async handle({ parameters: { sourceId }, body }, request, response) {
      const { tenant } = principalOfRequest(request);
      const { schedule, state } = await describeSchedule({ sources, schedules }, tenant, sourceId);
      checkBackfill(body, schedule, new Date());
      await schedules.backfill(tenant, sourceId, body);
      response.status(202).json(state);
    },
  });
}
