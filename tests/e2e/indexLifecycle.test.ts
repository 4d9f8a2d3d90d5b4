import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CatalystClient } from '../../src/sdk/client.ts';
import { changeIndex } from '../lifecycle/indexChange.ts';
import { killWorker } from '../lifecycle/killWorker.ts';
import { LiveLoad } from '../lifecycle/liveLoad.ts';
import type { LoadReport } from '../lifecycle/liveLoad.ts';
import { startFullStack } from '../support/fullStack.ts';
import type { FullStack } from '../support/fullStack.ts';

let stack: FullStack;
let platform: CatalystClient;
let load: LiveLoad;
let other: LiveLoad;
const limitMs = 180_000;
const noLoss = { failedSearches: 0, failedWrites: 0, lostWrites: 0, examples: [] } satisfies Partial<LoadReport>;

beforeAll(async () => {
  stack = await startFullStack({ CATALYST_EMBEDDING_PROVIDER: 'stub', CATALYST_COMPACTION_LEAST_POINTS: '0', CATALYST_GENERATION_GRACE_MINUTES: '30' });
  platform = new CatalystClient({ url: stack.apiUrl, token: await stack.tokenFor('platform', { roles: ['platform-admin'] }) });
  load = new LiveLoad(await stack.clientFor('alpha'), 'alpha', 120);
  other = new LiveLoad(await stack.clientFor('beta'), 'beta', 30);
  await Promise.all([load.prepare(), other.prepare()]);
}, 600_000);
afterAll(() => stack.stop(), 60_000);

describe('the index under live searches and writes', () => {
  it('is made anew, and searched and written all the while', async () => {
    const { serving: blue } = await platform.index.get();
    load.start();
    const { outcome, overview } = await changeIndex(platform, () => platform.index.compact({ force: true }), limitMs);
    const [first, second] = await Promise.all([load.stop(), other.stop()]);
    expect(outcome).toMatchObject({ kind: 'compaction', decision: 'switched' });
    expect(overview.serving).not.toBe(blue);
    expect(overview.generations).toMatchObject([{ id: overview.serving, state: 'serving' }, { id: blue, state: 'retired' }]);
    expect(first).toMatchObject(noLoss);
    expect(second).toMatchObject(noLoss);
    expect(first.searches).toBeGreaterThan(20);
    expect(first.writes).toBeGreaterThan(120);
  }, limitMs + 60_000);

  it('goes back to the generation before, with all that was written since', async () => {
    const before = await platform.index.get();
    const client = await stack.clientFor('alpha');
    const since = new LiveLoad(client, 'since', 10);
    await since.prepare();
    since.start();
    const { outcome, overview, ms } = await changeIndex(platform, () => platform.index.rollBack(), limitMs);
    expect(await since.stop()).toMatchObject(noLoss);
    expect(outcome).toMatchObject({ kind: 'rollback', decision: 'switched' });
    expect(overview.serving).toBe(before.generations.find(({ state }) => state === 'retired')?.id);
    console.log(`ms from the request until the generation before served: ${Math.round(ms)}`);
    expect(ms).toBeLessThan(60_000);
    expect(await load.stop()).toMatchObject({ lostWrites: 0 });
  }, limitMs + 60_000);

  it('is made anew where its worker is killed on the way', async () => {
    const client = await stack.clientFor('alpha');
    const killed = new LiveLoad(client, 'killed', 10);
    await killed.prepare();
    killed.start();
    const changing = changeIndex(platform, () => platform.index.compact({ force: true }), limitMs);
    for (let kill = 0; kill < 2; kill += 1) {
      await sleep(400);
      killWorker(stack);
    }
    const { outcome, overview } = await changing;
    expect(await killed.stop()).toMatchObject(noLoss);
    expect(outcome).toMatchObject({ kind: 'compaction', decision: 'switched' });
    // Taken up where it was: no second one was begun.
    expect(overview.decisions.filter(({ decision }) => decision === 'begun')).toHaveLength(2);
  }, limitMs + 60_000);

  it('says why there is nothing to do', async () => {
    // What was replaced while the generation was being made counts as removed from it: one that nobody wrote to meanwhile has nothing removed.
    await changeIndex(platform, () => platform.index.compact({ force: true }), limitMs);
    const { outcome } = await changeIndex(platform, () => platform.index.compact(), limitMs);
    expect(outcome).toMatchObject({ decision: 'nothing to do', by: 'tester' });
    expect(outcome.because[0]).toMatch(/of all points were deleted or replaced; the threshold is 5 %/);
  }, limitMs + 60_000);

  it('is nobody’s but the platform’s', async () => {
    const tenant = await stack.clientFor('alpha');
    for (const call of [() => tenant.index.get(), () => tenant.index.compact(), () => tenant.index.rollBack()]) await expect(call()).rejects.toMatchObject({ code: 'SCOPE_MISSING' });
  });
});
