import { afterEach, beforeEach, expect, it } from 'vitest';
import { runCli } from '../../../src/cli/main.ts';
import type { IndexDecision } from '../../../src/contracts/generations.ts';
import { newIdentifier } from '../../../src/contracts/identifiers.ts';
import type { IdempotencyRegistry } from '../../../src/ports/idempotencyRegistry.ts';
import { signToken, startApi } from '../../support/api/runningApi.ts';
import type { RunningApi } from '../../support/api/runningApi.ts';
import { capturedContext } from '../../support/capturedContext.ts';

const earlier = decisionOf('2026-11-28T02:30:00.000Z', 'switched', 'Long ago.');

/** Each request is the first of its key. */
const idempotency: IdempotencyRegistry = { claim: () => Promise.resolve({ state: 'claimed', seed: newIdentifier() }), renew: () => Promise.resolve(), keep: () => Promise.resolve(), release: () => Promise.resolve() };

let api: RunningApi;
let token: string;
let decisions: IndexDecision[];
let next: IndexDecision;
let asked: unknown;

beforeEach(async () => {
  decisions = [earlier];
  const reindex = (_by: string, request: unknown) => {
    asked = request;
    decisions = [next, ...decisions];
    return Promise.resolve({ workflowId: 'catalyst/index/reindex' });
  };
  api = await startApi({
    readIndex: () => Promise.resolve({ alias: 'catalyst', serving: 'blue', statistics: null, placements: [], generations: [], decisions }),
    indexChanges: { compact: () => Promise.reject(new Error('not asked')), rollBack: () => Promise.reject(new Error('not asked')), reindex },
    idempotency,
  });
  token = await signToken({ roles: ['platform-admin'] });
});
afterEach(() => api.close());

function decisionOf(at: string, decision: IndexDecision['decision'], because: string): IndexDecision {
  return { at, kind: 'reindex', decision, because: [because], by: 'ada', generation: null, tenant: null, statistics: null, stillMs: null, report: null };
}

async function reindex(...options: string[]): Promise<{ readonly exitCode: number; readonly out: string }> {
  const context = capturedContext({ environment: { CATALYST_URL: api.url, CATALYST_TOKEN: token } });
  const exitCode = await runCli(['index', 'reindex', '--wait', ...options], context);
  return { exitCode, out: context.out() };
}

it('tells what was decided of the change that was waited for, and not the history before it', async () => {
  next = decisionOf('2026-11-29T10:00:00.000Z', 'estimated', 'It takes 500 tokens.');
  const { exitCode, out } = await reindex();
  expect(exitCode).toBe(0);
  expect(out).toContain('decided:\n  2026-11-29T10:00:00.000Z  reindex: estimated. It takes 500 tokens.\n');
  expect(out).not.toContain('Long ago');
});

it('ends with 1 where too few tokens were approved, and where it was stopped', async () => {
  next = decisionOf('2026-11-29T10:00:00.000Z', 'estimated', '100 tokens are fewer than it takes.');
  expect((await reindex('--maximum-tokens', '100')).exitCode).toBe(1);
  next = decisionOf('2026-11-29T11:00:00.000Z', 'stopped', 'Not passed.');
  expect((await reindex('--maximum-tokens', '500')).exitCode).toBe(1);
  next = decisionOf('2026-11-29T12:00:00.000Z', 'switched', 'There it is.');
  expect((await reindex('--maximum-tokens', '500')).exitCode).toBe(0);
});

it('gives up a change that waits, which is no failure', async () => {
  next = decisionOf('2026-11-29T10:00:00.000Z', 'abandoned', 'The change to green was given up.');
  expect([(await reindex('--give-up')).exitCode, asked]).toEqual([0, { recut: false, giveUp: true, gates: expect.anything() as unknown, smoke: [] }]);
  next = decisionOf('2026-11-29T10:00:01.000Z', 'abandoned', 'The generation is not what it should be.');
  expect([(await reindex('--recut', '--maximum-tokens', '5')).exitCode, asked]).toEqual([1, { recut: true, giveUp: false, maximumTokens: 5, gates: expect.anything() as unknown, smoke: [] }]);
});
