import { z } from 'zod';
import type { ApiDependencies } from '../dependencies.ts';
import { defineRoute } from '../route.ts';
import type { Route } from '../route.ts';

export function createMetricsRoutes({ metrics }: Pick<ApiDependencies, 'metrics'>): Route[] {
  return [
    defineRoute({
      method: 'get',
      path: '/metrics',
      scope: null,
      documentation: {
        operationId: 'getMetrics',
        tag: 'Health',
        summary: 'Metrics in the Prometheus text format',
        answers: { 200: { description: 'All metrics of this process.', mediaType: 'text/plain', schema: z.string() } },
      },
      async handle(_input, _request, response) {
        response.type(metrics.contentType).send(await metrics.render());
      },
    }),
  ];
}
