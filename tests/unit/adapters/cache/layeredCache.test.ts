import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import type { CacheCodec } from '../../../../src/adapters/cache/cacheCodec.ts';
import { createLayeredCache } from '../../../../src/adapters/cache/layeredCache.ts';
import { createVectorCodec } from '../../../../src/adapters/cache/vectorCodec.ts';
import { createDepartures } from '../../../../src/api/tenants/departures.ts';
import type { Departures } from '../../../../src/api/tenants/departures.ts';
import type { CacheOutcome } from '../../../../src/contracts/caching.ts';
import type { SharedCache, SharedEntry } from '../../../../src/ports/sharedCache.ts';

interface Note {
  readonly text: string;
}
const codec: CacheCodec<Note> = {
  weigh: ({ text }) => text.length,
  encode: (note) => JSON.stringify(note),
  decode: (text) => (text.startsWith('{') ? (JSON.parse(text) as Note) : undefined),
};

/** What two caches share, as Redis would keep it. */
class Shelf implements SharedCache {
  readonly entries = new Map<string, SharedEntry>();
  reads = 0;
  read(key: string): Promise<SharedEntry | undefined> {
    this.reads += 1;
    return Promise.resolve(this.entries.get(key));
  }
  write(key: string, text: string, ttlMs: number): void {
    this.entries.set(key, { text, remainingMs: ttlMs });
  }
  forget(prefix: string): void {
    for (const key of this.entries.keys()) if (key.startsWith(prefix)) this.entries.delete(key);
  }
  close(): Promise<void> {
    return Promise.resolve();
  }
}

function setUp(options: { readonly maximumBytes?: number; readonly maximumEntries?: number; readonly shared?: SharedCache; readonly departures?: Departures } = {}) {
  const outcomes: CacheOutcome[] = [];
  const cache = createLayeredCache({ name: 'results', codec, maximumBytes: 1_000_000, ...options, emit: (event) => event.type === 'cache.read' && outcomes.push(event.outcome) });
  const get = async (key: string, text = `text of ${key}`, ttlMs = 10_000) => cache.getOrCompute(key, () => Promise.resolve({ text }), { ttlMs });
  return { cache, get, outcomes };
}

describe('memory', () => {
  test('keeps no more entries than allowed, and those that were used last', async () => {
    const { get } = setUp({ maximumEntries: 3 });
    for (const key of ['a', 'b', 'c', 'a', 'd']) await get(key);
    expect((await get('a')).outcome).toBe('memory');
    expect((await get('b')).outcome).toBe('computed');
  });

  test('keeps no more bytes than allowed', async () => {
    const { get } = setUp({ maximumBytes: 3_000 });
    for (const key of ['a', 'b', 'c']) await get(key, 'x'.repeat(1_000));
    expect((await get('a')).outcome).toBe('computed');
    expect((await get('c')).outcome).toBe('memory');
  });

  test('what is too large for it is computed each time, and pushes nothing out', async () => {
    const { get } = setUp({ maximumBytes: 3_000 });
    await get('small');
    expect((await get('large', 'x'.repeat(5_000))).value.text).toHaveLength(5_000);
    expect((await get('large', 'x'.repeat(5_000))).outcome).toBe('computed');
    expect((await get('small')).outcome).toBe('memory');
  });
});

describe('the shared layer', () => {
  test('gives another process what one has computed, asked once and in one flight', async () => {
    const shared = new Shelf();
    await setUp({ shared }).get('a', 'of the first process');
    const second = setUp({ shared });
    const found = await Promise.all([second.get('a', 'of the second'), second.get('a', 'of the second')]);
    expect(found.map(({ value }) => value.text)).toEqual(['of the first process', 'of the first process']);
    expect(second.outcomes.toSorted()).toEqual(['joined', 'shared']);
    expect((await second.get('a')).outcome).toBe('memory');
    expect(shared.reads).toBe(2);
  });

  test('does not lengthen the time of a value', async () => {
    const shared = new Shelf();
    await setUp({ shared }).get('a', 'first', 50);
    // Redis counts down; this shelf is told.
    const [[key, entry]] = [...shared.entries] as [[string, SharedEntry]];
    shared.entries.set(key, { ...entry, remainingMs: 20 });
    const second = setUp({ shared });
    await second.get('a');
    shared.entries.clear();
    expect((await second.get('a')).outcome).toBe('memory');
    await sleep(40);
    expect((await second.get('a', 'anew')).value.text).toBe('anew');
  });

  test('what cannot be read is computed', async () => {
    const shared = new Shelf();
    shared.write('results:a', 'of another release', 1_000);
    expect(await setUp({ shared }).get('a', 'computed')).toEqual({ value: { text: 'computed' }, outcome: 'computed' });
  });

  test('what is not to be kept is not shared', async () => {
    const shared = new Shelf();
    await setUp({ shared }).cache.getOrCompute('a', () => Promise.resolve({ text: 'degraded' }), { ttlMs: 1_000, keeps: () => false });
    expect(shared.entries.size).toBe(0);
  });
});

describe('a tenant that is deleted', () => {
  test('has nothing in memory nor in what is shared, and others keep theirs', async () => {
    const shared = new Shelf();
    const departures = createDepartures();
    const { get } = setUp({ shared, departures });
    for (const key of ['acme:a', 'acme2:a', 'beta:a']) await get(key);
    departures.tell('acme');
    expect([...shared.entries.keys()]).toEqual(['results:acme2:a', 'results:beta:a']);
    expect((await get('acme:a')).outcome).toBe('computed');
    expect((await get('acme2:a')).outcome).toBe('memory');
  });
});

describe('vectors', () => {
  test('come back to the last bit, and only in the dimension of the model', () => {
    const vector = Float32Array.from([0.1, -1 / 3, 1e-38, 0]);
    const text = createVectorCodec(4).encode(vector);
    expect(typeof JSON.parse(text)).toBe('string');
    expect(createVectorCodec(4).decode(text)).toEqual(vector);
    expect(createVectorCodec(3).decode(text)).toBeUndefined();
    for (const broken of ['', '{', '[]', 'null']) expect(createVectorCodec(4).decode(broken)).toBeUndefined();
    // A part of a larger buffer is written as that part.
    expect(createVectorCodec(2).decode(createVectorCodec(2).encode(vector.subarray(1, 3)))).toEqual(vector.slice(1, 3));
  });
});
