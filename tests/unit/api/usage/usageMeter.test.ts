import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { createUsageMeter } from '../../../../src/api/usage/usageMeter.ts';
import { CatalystError } from '../../../../src/contracts/errors.ts';
import type { DomainEvent } from '../../../../src/contracts/events.ts';
import type { UsageAmounts } from '../../../../src/contracts/usage.ts';

function startLedger() {
  const entries = new Map<string, { readonly tenant: string } & Partial<UsageAmounts>>();
  const state = { away: false, losesAnswers: false };
  return {
    state,
    entries,
    add(tenant: string, id: string, amounts: Partial<UsageAmounts>) {
      if (state.away) return Promise.reject(new CatalystError('REGISTRY_UNAVAILABLE', 'away'));
      if (!entries.has(id)) entries.set(id, { tenant, ...amounts });
      return state.losesAnswers ? Promise.reject(new CatalystError('REGISTRY_UNAVAILABLE', 'The answer was lost.')) : Promise.resolve();
    },
    searchesOf: (tenant: string) => [...entries.values()].filter((entry) => entry.tenant === tenant).reduce((sum, { searches = 0 }) => sum + searches, 0),
  };
}

const nothing = { searches: 0, queryTokens: 0, reranks: 0, processorSeconds: 0 };

describe('the meter of searches', () => {
  it('writes what it counted every so often, and the rest when it stops', async () => {
    const ledger = startLedger();
    const meter = createUsageMeter(ledger, () => undefined, 20);
    for (let round = 0; round < 5; round += 1) meter.count('a', 'searches', 2);
    meter.count('b', 'reranks', 1);
    for (let round = 0; round < 3; round += 1) meter.count('b', 'processorSeconds', 0.25);
    await expect.poll(() => ledger.entries.size).toBe(2);
    expect([...ledger.entries.values()]).toEqual([{ tenant: 'a', ...nothing, searches: 10 }, { tenant: 'b', ...nothing, reranks: 1, processorSeconds: 0.75 }]);
    meter.count('a', 'searches', 1);
    await meter.stop();
    expect(ledger.searchesOf('a')).toBe(11);
    await sleep(50);
    expect(ledger.entries.size).toBe(3);
  });

  it('keeps it while the ledger is away, tells of that once, and counts nothing twice', async () => {
    const ledger = startLedger();
    const events: DomainEvent[] = [];
    const meter = createUsageMeter(ledger, (event) => events.push(event), 5);
    ledger.state.away = true;
    meter.count('a', 'searches', 3);
    await sleep(40);
    meter.count('a', 'searches', 4);
    expect(events).toHaveLength(1);
    ledger.state.away = false;
    ledger.state.losesAnswers = true;
    await sleep(40);
    ledger.state.losesAnswers = false;
    await meter.stop();
    expect(ledger.searchesOf('a')).toBe(7);
  });
});
