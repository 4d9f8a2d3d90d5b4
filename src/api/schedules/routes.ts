import { z } from 'zod';
import { platformSchedulesSchema } from '../../contracts/schedules.ts';
import type { ApiDependencies } from '../dependencies.ts';
import { principalOfRequest } from '../parseInput.ts';
import { defineRoute } from '../route.ts';
import type { Route } from '../route.ts';

type ScheduleDependencies = Pick<ApiDependencies, 'platformSchedules'>;

const parameters = z.strictObject({ name: z.string().regex(/^[a-z-]{1,60}$/).meta({ example: 'sweep' }) });
const failures = ['NOT_FOUND', 'WORKFLOWS_UNAVAILABLE'] as const;

/** What the product does by itself at its times: for those who run the platform. */
export function createPlatformScheduleRoutes(dependencies: ScheduleDependencies): Route[] {
  return [
    listRoute(dependencies),
    applyRoute(dependencies),
    changeRoute(dependencies, 'runs', { operationId: 'runSchedule', summary: 'Run a schedule now, beside its times' }, ({ run }, name) => run(name)),
    changeRoute(dependencies, 'pause', { operationId: 'pauseSchedule', summary: 'Let a schedule of the product rest' }, ({ pause }, name, subject) => pause(name, `Paused by ${subject}.`)),
    changeRoute(dependencies, 'resume', { operationId: 'resumeSchedule', summary: 'Let a schedule of the product go on' }, ({ resume }, name) => resume(name)),
  ];
}

function listRoute({ platformSchedules }: ScheduleDependencies): Route {
  return defineRoute({
    method: 'get',
    path: '/v1/schedules',
    scope: 'schedules:read',
    documentation: {
      operationId: 'listSchedules',
      tag: 'Operations',
      summary: 'Schedules of the product itself',
      description: 'With their next and recent runs, and where Temporal holds something else than what is declared.',
      answers: { 200: { description: 'All that are declared, in each namespace where they run.', schema: platformSchedulesSchema } },
      failures: ['WORKFLOWS_UNAVAILABLE'],
    },
    async handle(_input, _request, response) {
      response.json({ schedules: await platformSchedules.list() });
    },
  });
}

function applyRoute({ platformSchedules }: ScheduleDependencies): Route {
  return defineRoute({
    method: 'post',
    path: '/v1/schedules/apply',
    scope: 'schedules:write',
    documentation: {
      operationId: 'applySchedules',
      tag: 'Operations',
      summary: 'Make all schedules as they are declared',
      description: 'Missing ones are made, changed ones are set back; what is paused stays paused. Safe to repeat.',
      answers: { 200: { description: 'As they are now.', schema: platformSchedulesSchema } },
      failures: ['WORKFLOWS_UNAVAILABLE'],
    },
    async handle(_input, _request, response) {
      response.json({ schedules: await platformSchedules.apply() });
    },
  });
}

type Change = (schedules: ApiDependencies['platformSchedules'], name: string, subject: string) => Promise<void>;

function changeRoute({ platformSchedules }: ScheduleDependencies, verb: string, documentation: { readonly operationId: string; readonly summary: string }, change: Change): Route {
  return defineRoute({
    method: 'post',
    path: `/v1/schedules/:name/${verb}`,
    scope: 'schedules:write',
    parameters,
    documentation: { ...documentation, tag: 'Operations', answers: { 200: { description: 'All schedules as they are now.', schema: platformSchedulesSchema } }, failures },
    async handle({ parameters: { name } }, request, response) {
      await change(platformSchedules, name, principalOfRequest(request).subject);
      response.json({ schedules: await platformSchedules.list() });
    },
  });
}
