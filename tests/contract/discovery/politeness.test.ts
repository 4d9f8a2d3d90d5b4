import { afterAll, beforeAll, expect, test } from 'vitest';
import { createWebsiteDiscovery } from '../../../src/adapters/discovery/website/websiteDiscovery.ts';
import { createRateLimiter, type PostgresRateLimiter } from '../../../src/adapters/postgres/limits/rateLimiter.ts';
import { websiteDefinitionSchema } from '../../../src/contracts/sources.ts';
import { startTestDatabase } from '../../support/postgres.ts';
import { runDiscovery } from './discoveryRun.ts';
import { page, startTestSite, type TestSite } from './testSite.ts';

let postgres: Awaited<ReturnType<typeof startTestDatabase>>;
let site: TestSite;
let limiters: PostgresRateLimiter[];

beforeAll(async () => {
  [postgres, site] = await Promise.all([startTestDatabase(), startTestSite()]);
  limiters = [createRateLimiter(postgres.database), createRateLimiter(postgres.database)];
}, 300_000);
afterAll(async () => {
  for (const limiter of limiters) limiter.close();
  await site.close();
  await postgres.close();
});

test('two workers that crawl one host are together no more than one guest, and heed together what the host asks for', async () => {
  const paths = Array.from({ length: 12 }, (_unused, index) => `/p${index}`);
  site.pages.set('/robots.txt', 'User-agent: *\nDisallow:\n');
  site.pages.set('/', page('home', [...paths, '/busy']));
  for (const path of paths) site.pages.set(path, { body: page(path), delayMs: 40 });
  site.pages.set('/busy', (count) => (count === 1 ? { status: 429, headers: { 'retry-after': '2' } } : page('busy no more')));
  const definition = websiteDefinitionSchema.parse({ type: 'website', url: `${site.origin}/`, sitemap: 'skip' });
  const results = await Promise.all(limiters.map((limiter) => runDiscovery({ discovery: createWebsiteDiscovery({ web: site.client({ limiter, concurrencyPerHost: 2, timeoutMs: 5_000 }) }), definition })));
  for (const result of results) expect([result.documents.size, result.unreadable.size, result.gaps]).toEqual([14, 0, []]);
  expect(site.mostAtOnce()).toBeLessThanOrEqual(2);
  // From the refusal on, nobody asked for anything before the two seconds were over; what was on its way then had begun before.
  const refused = site.times.get('/busy')![0]!;
  const tooEarly = [...site.times.values()].flat().filter((time) => time > refused + 500 && time < refused + 1_900);
  expect(tooEarly).toEqual([]);
});
