import { expect, test } from 'vitest';
import type { DomainEvent } from '../../../src/contracts/events.ts';
import { createMetrics } from '../../../src/observability/metrics.ts';
import { recordMetrics } from '../../../src/observability/recordMetrics.ts';

async function linesAfter(events: readonly DomainEvent[], name: string): Promise<string[]> {
  const metrics = createMetrics('api');
  for (const event of events) recordMetrics(metrics, event);
  return (await metrics.registry.metrics()).split('\n').filter((line) => line.startsWith(name));
}

const call = { tenant: 'acme', provider: 'cohere', model: 'm', candidates: 50, latencyMs: 120 } as const;
const kept = { ...call, type: 'rerank.degraded', detail: 'x' } as const;
const events: readonly DomainEvent[] = [
  { ...call, type: 'rerank.finished', scored: 50 },
  { ...call, type: 'rerank.finished', scored: 20 },
  { ...kept, code: 'RERANKER_UNAVAILABLE', reason: 'timeout' },
  { ...kept, code: 'RERANKER_RATE_LIMITED', reason: 'failed' },
  { ...kept, code: 'RERANKER_RATE_LIMITED', reason: 'circuit-open', latencyMs: 0 },
];

test('searches that were to be reranked, by what became of them', async () => {
  const lines = await linesAfter(events, 'catalyst_reranks_total');
  for (const labels of ['outcome="reranked",code="none"', 'outcome="partial",code="none"', 'outcome="timeout",code="RERANKER_UNAVAILABLE"', 'outcome="failed",code="RERANKER_RATE_LIMITED"', 'outcome="circuit-open",code="RERANKER_RATE_LIMITED"']) {
    expect(lines.filter((line) => line.includes(labels) && line.endsWith(' 1'))).toHaveLength(1);
  }
});

test('only calls that were made have a time', async () => {
  expect(await linesAfter(events, 'catalyst_rerank_seconds_count')).toEqual([expect.stringMatching(/provider="cohere".* 4$/)]);
});

test('the circuit: the state of now', async () => {
  const states = ['closed', 'open', 'half-open'] as const;
  const lines = await Promise.all(states.map((state) => linesAfter([{ type: 'rerank.circuit', provider: 'cohere', state, openMs: 0 }], 'catalyst_rerank_circuit_state')));
  expect(lines.map(([line]) => line?.split(' ').at(-1))).toEqual(['0', '2', '1']);
});
