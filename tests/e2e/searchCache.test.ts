import { execFileSync } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SearchResponse } from '../../src/contracts/search.ts';
import type { CatalystClient } from '../../src/sdk/client.ts';
import { isRedisInstalled, startRedis } from '../contract/cache/redisServer.ts';
import type { RedisServer } from '../contract/cache/redisServer.ts';
import { startFullStack } from '../support/fullStack.ts';
import type { FullStack } from '../support/fullStack.ts';

let stack: FullStack;
let redis: RedisServer | undefined;

beforeAll(async () => {
  redis = isRedisInstalled ? await startRedis() : undefined;
  stack = await startFullStack(redis === undefined ? {} : { CATALYST_CACHE_REDIS_URL: redis.url });
}, 600_000);

afterAll(async () => {
  await (stack as FullStack | undefined)?.stop();
  await redis?.stop();
}, 60_000);

async function ingest(client: CatalystClient, id: string, text: string, policies: readonly string[] = []): Promise<string> {
  const { jobId } = await client.ingest({ documents: [{ id, text, policies: [...policies] }] });
  const { state } = await client.waitForJob(jobId);
  expect(state).toBe('succeeded');
  for await (const { documentId } of client.listJobDocuments(jobId)) return documentId;
  throw new Error('The job has no document.');
}

const passages = ({ results }: SearchResponse): string[] => results.map(({ passage }) => passage);

/** Counters of the API by their labels, such as `cache="results",outcome="memory"`. */
async function counters(name: string): Promise<Map<string, number>> {
  const text = await (await fetch(`${stack.apiUrl}/metrics`)).text();
  const lines = [...text.matchAll(new RegExp(`^${name}\\{(.*?)\\} (\\S+)$`, 'gm'))];
  return new Map(lines.map(([, labels, value]) => [(labels ?? '').split(',').filter((label) => !label.startsWith('service=')).join(','), Number(value)]));
}
const cacheReads = async (outcome: string): Promise<number> => (await counters('catalyst_cache_reads_total')).get(`cache="results",outcome="${outcome}"`) ?? 0;
const computedSearches = async (): Promise<number> => (await counters('catalyst_search_seconds_count')).get('mode="hybrid",part="all"') ?? 0;

/** A server with the processes that serve its connections. */
function familyOf(root: number): number[] {
  const lines = execFileSync('ps', ['-A', '-o', 'pid=,ppid='], { encoding: 'utf8' }).trim().split('\n');
  const children = lines.map((line) => line.trim().split(/\s+/).map(Number)).filter(([, parent]) => parent === root);
  return [root, ...children.map(([pid]) => pid!)];
}

describe(`answers that are remembered${isRedisInstalled ? ', in Redis too' : ' (in memory alone: the program redis-server is not installed)'}`, () => {
  it('are the same, and are counted', async () => {
    const client = await stack.clientFor('same');
    await ingest(client, 'tide', 'The spring tide reaches the second step of the quay.');
    const before = await cacheReads('memory');
    const first = await client.search({ query: 'how high is the spring tide', explain: true });
    const second = await client.search({ query: 'how high is the spring tide', explain: true });
    expect(passages(first)).toHaveLength(1);
    expect(first.cached).toBeUndefined();
    expect(second).toEqual({ ...first, tookMs: second.tookMs, cached: true });
    expect((await cacheReads('memory')) - before).toBe(1);
  }, 60_000);

  it('of 100 identical searches at once one is computed', async () => {
    const client = await stack.clientFor('crowd');
    await ingest(client, 'bell', 'The harbour bell rings twice when fog comes in.');
    const before = await computedSearches();
    const answers = await Promise.all(Array.from({ length: 100 }, () => client.search({ query: 'when does the harbour bell ring' })));
    expect(new Set(answers.map((answer) => JSON.stringify(answer.results))).size).toBe(1);
    expect(passages(answers[0]!)).toHaveLength(1);
    expect((await computedSearches()) - before).toBe(1);
  }, 60_000);

  it('are never older than the last acknowledged version, while others ask all the time', async () => {
    const client = await stack.clientFor('moving');
    await ingest(client, 'berth', 'The berth of the ferry today is number 0.');
    let acknowledged = 0;
    let isDone = false;
    let remembered = 0;
    const ask = async (): Promise<void> => {
      while (!isDone) {
        const oldest = acknowledged;
        const answer = await client.search({ query: 'berth of the ferry' });
        if (answer.cached === true) remembered += 1;
        const numbers = passages(answer).map((passage) => Number(/number (\d+)/.exec(passage)?.[1]));
        expect(numbers).toHaveLength(1);
        expect(numbers[0]).toBeGreaterThanOrEqual(oldest);
      }
    };
    const readers = Promise.all(Array.from({ length: 4 }, ask));
    try {
      for (let number = 1; number <= 8; number += 1) {
        await ingest(client, 'berth', `The berth of the ferry today is number ${number}.`);
        acknowledged = number;
        expect(passages(await client.search({ query: 'berth of the ferry' }))).toEqual([`The berth of the ferry today is number ${number}.`]);
      }
    } finally {
      isDone = true;
      await readers;
    }
    expect(remembered).toBeGreaterThan(8);
  }, 120_000);

  it('do not outlive a deletion', async () => {
    const client = await stack.clientFor('deleting');
    const documentId = await ingest(client, 'key', 'The spare key lies below the third flower pot.');
    const ask = () => client.search({ query: 'where is the spare key' });
    await ask();
    expect((await ask()).cached).toBe(true);
    const { id } = await client.deletions.create({ documents: [documentId] });
    let hidden = false;
    for (let state = ''; state !== 'finished'; await sleep(5)) {
      const deletion = await client.deletions.get(id);
      state = deletion.state;
      if (deletion.unsearchableAt === null) continue;
      hidden = true;
      expect(passages(await ask())).toEqual([]);
    }
    expect(hidden).toBe(true);
    await ingest(client, 'key', 'The spare key lies below the third flower pot.');
    expect(passages(await ask())).toHaveLength(1);
  }, 120_000);

  it('are given to nobody of another tenant or of other policies', async () => {
    const query = { query: 'combination of the vault' };
    const owner = await stack.clientFor('twin-a');
    await ingest(owner, 'secret', 'The combination of the vault stands on the portrait.', ['board']);
    await ingest(owner, 'open', 'The combination of the vault is changed on Mondays.');
    const twin = await stack.clientFor('twin-b', ['board']);
    await ingest(twin, 'other', 'A vault of the twin has no combination.');
    const member = await stack.clientFor('twin-a', ['board']);
    const expected = [
      { client: member, texts: ['The combination of the vault is changed on Mondays.', 'The combination of the vault stands on the portrait.'] },
      { client: owner, texts: ['The combination of the vault is changed on Mondays.'] },
      { client: twin, texts: ['A vault of the twin has no combination.'] },
    ];
    for (const round of [false, true]) {
      for (const { client, texts } of expected) {
        const answer = await client.search(query);
        expect(passages(answer).toSorted()).toEqual(texts);
        expect(answer.cached ?? false).toBe(round);
      }
    }
  }, 60_000);

  it('are passed by while Postgres hangs: search still works, and its answers are those of the index', async () => {
    const client = await stack.clientFor('outage');
    await ingest(client, 'lamp', 'The lamp on the pier is lit at dusk.');
    const ask = () => client.search({ query: 'when is the lamp lit' });
    await ask();
    expect((await ask()).cached).toBe(true);
    const family = familyOf(stack.services.postgres!.pid!);
    const bypassed = await cacheReads('bypassed');
    for (const pid of family) process.kill(pid, 'SIGSTOP');
    try {
      for (let number = 0; number < 3; number += 1) {
        const answer = await ask();
        expect(passages(answer)).toHaveLength(1);
        expect(answer.cached).toBeUndefined();
      }
      expect((await cacheReads('bypassed')) - bypassed).toBe(3);
    } finally {
      for (const pid of family) process.kill(pid, 'SIGCONT');
    }
  }, 60_000);
});
