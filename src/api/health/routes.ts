import { z } from 'zod';
import { readinessSchema } from '../../contracts/health.ts';
import type { ApiDependencies } from '../dependencies.ts';
import { defineRoute } from '../route.ts';
import type { Route } from '../route.ts';
import type { ReadinessMonitor } from '../../observability/readinessMonitor.ts';

const livenessSchema = z.object({ status: z.literal('live') }).meta({ id: 'Liveness' });
const startupSchema = z.object({ status: z.enum(['started', 'starting']) }).meta({ id: 'Startup' });

export function createHealthRoutes({ startup, stopping }: Pick<ApiDependencies, 'startup' | 'stopping'>, monitor: ReadinessMonitor): Route[] {
  return [livenessRoute(), readinessRoute(monitor, stopping), startupRoute(startup)];
}

function livenessRoute(): Route {
  return defineRoute({
    method: 'get',
    path: '/livez',
    scope: null,
    documentation: {
      operationId: 'getLiveness',
      tag: 'Health',
      summary: 'Whether the process answers',
      description: 'Touches no dependency: a restart would not mend one.',
      answers: { 200: { description: 'The process answers.', schema: livenessSchema } },
    },
    handle(_input, _request, response) {
      response.json({ status: 'live' });
    },
  });
}

function readinessRoute(monitor: ReadinessMonitor, stopping: AbortSignal): Route {
  return defineRoute({
    method: 'get',
    path: '/readyz',
    scope: null,
    documentation: {
      operationId: 'getReadiness',
      tag: 'Health',
      summary: 'Whether each dependency answers, and how fast',
      description: 'Checks run side by side, at most once a second; the answer never waits for a dependency that hangs.',
      answers: { 200: { description: 'All dependencies answer that requests cannot do without.', schema: readinessSchema }, 503: { description: 'A dependency does not answer that requests need, or the process is stopping.', schema: readinessSchema } },
    },
    async handle(_input, _request, response) {
      const report = await monitor.report();
      const status = stopping.aborted ? 'unavailable' : report.status;
      response.status(status === 'unavailable' ? 503 : 200).json({ ...report, status });
    },
  });
}

function startupRoute(startup: ApiDependencies['startup']): Route {
  return defineRoute({
    method: 'get',
    path: '/startupz',
    scope: null,
    documentation: {
      operationId: 'getStartup',
      tag: 'Health',
      summary: 'Whether start-up is done',
      answers: { 200: { description: 'Start-up is done.', schema: startupSchema }, 503: { description: 'Start-up is not done yet.', schema: startupSchema } },
    },
    handle(_input, _request, response) {
      response.status(startup.ready ? 200 : 503).json({ status: startup.ready ? 'started' : 'starting' });
    },
  });
}
