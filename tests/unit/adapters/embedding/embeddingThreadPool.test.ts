import { afterEach, expect, test } from 'vitest';
import { EmbeddingThreadPool } from '../../../../src/adapters/embedding/embeddingThreadPool.ts';

const file = new URL('./fixtures/scriptedThread.ts', import.meta.url);
const pools: EmbeddingThreadPool[] = [];
const newPool = (threads: number, modelDirectory = 'scripted'): EmbeddingThreadPool => {
  const pool = new EmbeddingThreadPool({ file, threads, data: { modelDirectory, tokenLimit: 512, givesWay: false } });
  pools.push(pool);
  return pool;
};
afterEach(() => Promise.all(pools.splice(0).map((pool) => pool.close())));

test('each text gets the vector of that text', async () => {
  const pool = newPool(2);
  const lengths: number[] = [];
  await pool.embedAll(['a', 'bbb', 'cc', '', 'eeeee'], (index, { vector }) => {
    lengths[index] = vector[1]!;
  });
  expect(lengths).toEqual([1, 3, 2, 0, 5]);
});

test('a query overtakes the passages that wait', async () => {
  const pool = newPool(1);
  await pool.ready();
  let done = 0;
  const passages = pool.embedAll(Array<string>(20).fill('sleep20'), () => (done += 1));
  await pool.embedUrgently('query');
  expect(done).toBeLessThan(4);
  await passages;
  expect(done).toBe(20);
});

test('two calls share the threads: the small one ends long before the large one that came first', async () => {
  const pool = newPool(1);
  let large = 0;
  const first = pool.embedAll(Array<string>(40).fill('sleep5'), () => (large += 1));
  await pool.embedAll(['sleep5', 'sleep5'], () => undefined);
  expect(large).toBeLessThan(12);
  await first;
});

test('a crashed thread fails what it held with EMBEDDER_UNAVAILABLE, and a fresh one takes the next text', async () => {
  const pool = newPool(1);
  await expect(pool.embedAll(['crash', 'a', 'b', 'c', 'd', 'e'], () => undefined)).rejects.toMatchObject({ code: 'EMBEDDER_UNAVAILABLE', message: expect.stringContaining('code 3') as string });
  expect([...(await pool.embedUrgently('four'))]).toEqual([1, 4]);
});

test('a crash leaves another call alone, but for texts in the hands of that thread', async () => {
  const pool = newPool(2);
  // Long enough for both threads to have started.
  await pool.embedAll(Array<string>(30).fill('sleep20'), () => undefined);
  const results = await Promise.allSettled([pool.embedUrgently('crash'), ...Array.from({ length: 30 }, () => pool.embedUrgently('sleep2'))]);
  expect(results[0]?.status).toBe('rejected');
  expect(results.slice(1).filter((result) => result.status === 'fulfilled').length).toBeGreaterThanOrEqual(15);
  await expect(pool.embedUrgently('x')).resolves.toBeDefined();
});

test('a failing text fails its call as a whole, takes back the rest, and the thread lives on', async () => {
  const pool = newPool(1);
  await pool.ready();
  const seen: number[] = [];
  await expect(pool.embedAll(['a', 'fail', ...Array<string>(50).fill('sleep5')], (index) => seen.push(index))).rejects.toMatchObject({ code: 'EMBEDDER_UNAVAILABLE' });
  const [handled] = await pool.embedUrgently('after');
  expect(handled).toBeLessThan(8);
});

test('a listener that throws fails the call with its error, not the process', async () => {
  const pool = newPool(1);
  const cancelled = new Error('cancelled');
  await expect(pool.embedAll(['a', 'b'], () => { throw cancelled; })).rejects.toBe(cancelled);
  await expect(pool.embedUrgently('x')).resolves.toBeDefined();
});

test('a model that cannot be loaded is told with its reason, to the start and to every text', async () => {
  const pool = newPool(2, 'missing');
  const failure = { code: 'EMBEDDER_UNAVAILABLE', message: expect.stringMatching(/cannot be loaded from missing: no such model/) as string };
  await expect(pool.ready()).rejects.toMatchObject(failure);
  await expect(pool.embedUrgently('x')).rejects.toMatchObject(failure);
});

test('closing fails what waits, and all that comes after', async () => {
  const pool = newPool(1);
  await pool.ready();
  const waiting = pool.embedAll(Array<string>(10).fill('sleep50'), () => undefined);
  const refused = expect(waiting).rejects.toMatchObject({ code: 'EMBEDDER_UNAVAILABLE' });
  await pool.close();
  await refused;
  await expect(pool.embedUrgently('x')).rejects.toMatchObject({ code: 'EMBEDDER_UNAVAILABLE' });
});
