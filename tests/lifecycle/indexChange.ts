import { setTimeout as sleep } from 'node:timers/promises';
import type { IndexDecision, IndexOverview } from '../../src/contracts/generations.ts';
import type { CatalystClient } from '../../src/sdk/client.ts';

const pollMs = 200;

/** Starts a change of the index and waits for what came of it, of the shared collection or of that of a tenant. Throws where that takes longer than `limitMs`. */
export async function changeIndex(platform: CatalystClient, start: () => Promise<unknown>, limitMs: number, tenant: string | null = null): Promise<{ readonly outcome: IndexDecision; readonly overview: IndexOverview; readonly ms: number }> {
  const before = lastOf(await platform.index.get())?.at;
  const startedAt = performance.now();
  await startWhenFree(start, startedAt + limitMs);
  for (;;) {
    const overview = await platform.index.get();
    const outcome = lastOf(overview);
    const ms = performance.now() - startedAt;
    if (outcome !== undefined && outcome.at !== before && outcome.decision !== 'begun' && outcome.decision !== 'judged') return { outcome, overview, ms };
    if (ms > limitMs) throw new Error(`The change did not end within ${limitMs} ms: ${JSON.stringify(overview)}`);
    await sleep(pollMs);
  }

  function lastOf({ decisions }: IndexOverview): IndexDecision | undefined {
    return decisions.find((decision) => decision.tenant === tenant);
  }
}

/** There is one change at a time; one that was waited for may go on with the collections of tenants. */
async function startWhenFree(start: () => Promise<unknown>, until: number): Promise<void> {
  for (;;) {
    try {
      await start();
      return;
    } catch (thrown) {
      if (!/is under way already/.test(String(thrown)) || performance.now() > until) throw thrown;
    }
    await sleep(pollMs);
  }
}
