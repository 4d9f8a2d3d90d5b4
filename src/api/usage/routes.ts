import { z } from 'zod';
import type { Prices } from '../../contracts/estimate.ts';
import { longestUsageDays, usageGroupings, usageSchema } from '../../contracts/usage.ts';
import type { Usage, UsageAmounts } from '../../contracts/usage.ts';
import type { ApiDependencies } from '../dependencies.ts';
import { pageLimit } from '../pages.ts';
import { invalidRequest, principalOfRequest } from '../parseInput.ts';
import { defineRoute } from '../route.ts';
import type { Route } from '../route.ts';
import { costOfUsage } from '../../contracts/cost.ts';

type UsageDependencies = Pick<ApiDependencies, 'usage' | 'prices' | 'searchQuota'>;

const dayMs = 86_400_000;
const day = z.iso.date();

const query = z.strictObject({
  from: day.optional().meta({ description: 'First day, by UTC; the first of the month of `to` when absent.' }),
  to: day.optional().meta({ description: 'Last day; today when absent.' }),
  by: z.enum(usageGroupings).default('day'),
  cursor: z.union([z.iso.date(), z.uuid()]).optional().meta({ description: 'The `next` of the page before.' }),
  limit: pageLimit(),
});

export function createUsageRoutes({ usage, prices, searchQuota }: UsageDependencies): Route[] {
  return [
    defineRoute({
      method: 'get',
      path: '/v1/usage',
      scope: 'usage:read',
      query,
      documentation: {
        operationId: 'getUsage',
        tag: 'Usage',
        summary: 'What the tenant used, and what it cost',
        description: 'By day or by job, with totals. Ingestion counts at once; searches and reranks of the last seconds may be missing.',
        answers: { 200: { description: 'A page of the span, with the totals of all of it.', schema: usageSchema } },
        failures: ['REGISTRY_UNAVAILABLE'],
      },
      async handle({ query: { by, cursor, limit, ...asked } }, request, response) {
        const { from, to } = spanOf(asked);
        refuseForeignCursor(by, cursor);
        const { tenant } = principalOfRequest(request);
        const [page, searchesToday] = await Promise.all([usage.read(tenant, { from, to }, by, cursor, limit), searchQuota.read(tenant)]);
        response.json({ from, to, currency: prices.currency, totals: priced(page.totals, prices), entries: page.entries.map(({ day: on, jobId, ...amounts }) => ({ day: on, jobId, ...priced(amounts, prices) })), next: page.next, searchesToday } satisfies Usage);
      },
    }),
  ];
}

function spanOf({ from, to = new Date().toISOString().slice(0, 10) }: { readonly from?: string | undefined; readonly to?: string | undefined }): { readonly from: string; readonly to: string } {
  const first = from ?? `${to.slice(0, 8)}01`;
  const days = (Date.parse(to) - Date.parse(first)) / dayMs + 1;
  if (days < 1 || days > longestUsageDays) throw invalidRequest([{ pointer: '/query/from', code: 'custom', detail: `The span has ${days} days; it may have 1 to ${longestUsageDays}.` }]);
  return { from: first, to };
}

function refuseForeignCursor(by: (typeof usageGroupings)[number], cursor: string | undefined): void {
  if (cursor !== undefined && day.safeParse(cursor).success !== (by === 'day')) throw invalidRequest([{ pointer: '/query/cursor', code: 'custom', detail: 'The cursor belongs to a list that is grouped otherwise.' }]);
}

function priced(amounts: UsageAmounts, prices: Prices): Usage['totals'] {
  return { ...amounts, cost: costOfUsage(amounts, prices) };
}
