import { setTimeout as sleep } from 'node:timers/promises';
import type { IndexDecision, IndexOverview } from '../../src/contracts/generations.ts';
import type { CatalystClient } from '../../src/sdk/client.ts';

const pollMs = 200;

/** Starts a change of the index and waits for what came of it. Throws where that takes longer than `limitMs`. */
export async function changeIndex(platform: CatalystClient, start: () => Promise<unknown>, limitMs: number): Promise<{ readonly outcome: IndexDecision; readonly overview: IndexOverview; readonly ms: number }> {
  const before = (await platform.index.get()).decisions[0]?.at;
  const startedAt = performance.now();
  await start();
  for (;;) {
    const overview = await platform.index.get();
    const [outcome] = overview.decisions;
    const ms = performance.now() - startedAt;
    if (outcome !== undefined && outcome.at !== before && outcome.decision !== 'begun' && outcome.decision !== 'judged') return { outcome, overview, ms };
    if (ms > limitMs) throw new Error(`The change did not end within ${limitMs} ms: ${JSON.stringify(overview)}`);
    await sleep(pollMs);
  }
}
