import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { DiscoveryDriver, type Faults } from './discoveryDriver.ts';
import { FirecrawlStub, type StubPage } from './stubServer.ts';

/**
 * Steps are cut off anywhere and repeated: at any request, before or after the server did what it was asked, with the process that sent it
 * dead or alive; and after the step, before its answer is recorded. Whatever happens, one crawl is started and every page is there once.
 */
let stub: FirecrawlStub;
beforeAll(async () => {
  stub = await FirecrawlStub.start();
});
afterAll(() => stub.close());

const site = 'https://site.example';
const pagesOf = (count: number): StubPage[] => Array.from({ length: count }, (_none, at) => ({ url: `${site}/page-${at}`, ...(at % 17 === 16 ? { statusCode: 404 } : {}) }));

interface Scenario {
  readonly pages: number;
  readonly failed: number;
  readonly pagesALook: number;
  readonly ignoresSkip: boolean;
  readonly honoursKeys: boolean;
  readonly cuts: readonly { readonly request: number; readonly processed: boolean }[];
  readonly processDies: boolean;
  readonly lostAnswers: readonly number[];
  readonly failingStores: readonly number[];
}

const scenarios = fc.record({
  pages: fc.integer({ min: 1, max: 260 }),
  failed: fc.integer({ min: 0, max: 5 }),
  pagesALook: fc.constantFrom(7, 60, 100, 1_000),
  ignoresSkip: fc.boolean(),
  honoursKeys: fc.boolean(),
  cuts: fc.array(fc.record({ request: fc.integer({ min: 0, max: 30 }), processed: fc.boolean() }), { maxLength: 6 }),
  processDies: fc.boolean(),
  lostAnswers: fc.array(fc.integer({ min: 0, max: 15 }), { maxLength: 5 }),
  failingStores: fc.array(fc.integer({ min: 0, max: 300 }), { maxLength: 3 }),
});

function prepare({ pages, failed, pagesALook, ignoresSkip, honoursKeys, cuts }: Scenario): void {
  stub.reset({
    pages: pagesOf(pages), pagesALook, ignoresSkip, honoursKeys,
    failed: Array.from({ length: failed }, (_none, at) => ({ url: `${site}/failed-${at}`, code: 'SCRAPE_TIMEOUT' })),
    robotsBlocked: failed > 2 ? [`${site}/private`] : [],
  });
  stub.cuts = cuts;
}

function faultsOf({ processDies, lostAnswers, failingStores }: Scenario): Faults {
  let seen = 0;
  const died = (): boolean => {
    const isNew = stub.cutsMade > seen;
    seen = stub.cutsMade;
    return isNew && processDies;
  };
  return { lostAnswers, failingStores, died };
}

test('a crawl: one is started, every page and every failure is there once', { timeout: 120_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(scenarios, async (scenario) => {
      prepare(scenario);
      const run = new DiscoveryDriver({ type: 'website', url: `${site}/` }, { apiUrl: stub.origin, idempotencyKeys: scenario.honoursKeys });
      await run.run(faultsOf(scenario));
      const { pages, failed, robotsBlocked } = stub.behaviour;
      expect(stub.started('crawl')).toBe(1);
      expect([...run.texts]).toHaveLength(pages.filter(({ statusCode }) => statusCode === undefined).length);
      for (const { url } of pages.filter(({ statusCode }) => statusCode === undefined)) expect(run.texts.get(`url:${url}`)).toBe(`# ${url}`);
      const unreadable = [...pages.filter(({ statusCode }) => statusCode !== undefined).map(({ url }) => url), ...failed.map(({ url }) => url), ...robotsBlocked];
      expect(Object.keys(run.failures).sort()).toEqual(unreadable.sort());
      expect(run.gaps).toEqual([]);
    }),
    { numRuns: 60 },
  );
});

test('each request of a crawl in turn is the one at which the process dies', { timeout: 60_000 }, async () => {
  const quiet: Scenario = { pages: 230, failed: 3, pagesALook: 60, ignoresSkip: false, honoursKeys: true, cuts: [], processDies: true, lostAnswers: [], failingStores: [] };
  prepare(quiet);
  await new DiscoveryDriver({ type: 'website', url: `${site}/` }, { apiUrl: stub.origin }).run();
  const requests = stub.requests.length;
  expect(requests).toBeGreaterThan(6);
  for (let request = 0; request < requests; request += 1) {
    for (const processed of [false, true]) {
      const scenario = { ...quiet, cuts: [{ request, processed }] };
      prepare(scenario);
      const run = await new DiscoveryDriver({ type: 'website', url: `${site}/` }, { apiUrl: stub.origin }).run(faultsOf(scenario));
      expect({ request, processed, started: stub.started('crawl'), cuts: stub.cutsMade }).toEqual({ request, processed, started: 1, cuts: 1 });
      expect(run.documents.size).toBe(217);
      expect(run.unreadable.size).toBe(13 + 3 + 1);
      expect(run.gaps).toEqual([]);
    }
  }
});

test('a list: no group is started twice, every page is there once', { timeout: 120_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(scenarios, async (scenario) => {
      prepare(scenario);
      stub.behaviour.failed = [];
      stub.behaviour.robotsBlocked = [];
      const urls = stub.behaviour.pages.map(({ url }) => url);
      const run = await new DiscoveryDriver({ type: 'pages', urls }, { apiUrl: stub.origin, batchSize: 60 }).run(faultsOf(scenario));
      const batches = stub.jobs.map(({ results }) => results[0]?.url);
      expect(new Set(batches).size, 'the groups differ').toBe(batches.length);
      expect([...run.documents.keys(), ...run.unreadable.keys()].sort()).toEqual(urls.map((url) => `url:${url}`).sort());
      expect(run.gaps).toEqual([]);
    }),
    { numRuns: 60 },
  );
});
