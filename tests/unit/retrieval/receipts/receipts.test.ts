import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { documentIdOf, pointIdOf, versionIdOf } from '../../../../src/contracts/identifiers.ts';
import type { Principal } from '../../../../src/contracts/principal.ts';
import { receiptSchema } from '../../../../src/contracts/receipts.ts';
import type { SearchReceipt } from '../../../../src/contracts/receipts.ts';
import { searchRequestSchema, searchResponseSchema } from '../../../../src/contracts/search.ts';
import type { Embedder } from '../../../../src/ports/embedder.ts';
import { createCachedSearch } from '../../../../src/retrieval/cache/cachedSearch.ts';
import { readCursor, ShownPassages, writeCursor } from '../../../../src/retrieval/cursor.ts';
import { momentOf } from '../../../../src/retrieval/moment.ts';
import { createReadPath } from '../../../../src/retrieval/readPath.ts';
import { createReceiptedSearch } from '../../../../src/retrieval/receipts/receiptedSearch.ts';
import type { ReceiptDependencies } from '../../../../src/retrieval/receipts/receiptedSearch.ts';
import { createReceiptSeal } from '../../../../src/retrieval/receipts/receiptSeal.ts';
import { createReplaySearch } from '../../../../src/retrieval/receipts/replaySearch.ts';
import { MemoryIndex } from '../memoryIndex.ts';
import type { MemoryPoint } from '../memoryIndex.ts';

const principal: Principal = { tenant: 'acme', subject: 'ada', roles: [], policies: ['crew'] };
const keys = [{ id: 'one', key: new Uint8Array(32).fill(1) }, { id: 'two', key: new Uint8Array(32).fill(2) }];
const seal = createReceiptSeal(keys);
const contract: Embedder['contract'] = { model: 'none', revision: '1', dimension: 2, normalised: true, dtype: 'float32', pooling: 'cls', queryPrefix: '', passagePrefix: '', tokenLimit: 512 };
const moment = Date.parse('2026-11-29T12:00:00.000Z');

function point(name: string, score: number, visibleFrom: number, policies: string[] = []): MemoryPoint {
  const document = documentIdOf('acme', name);
  const version = versionIdOf(document, `sha256:${name}`, 1);
  const chunk = { ordinal: 0, tier: 'passage' as const, text: `About ${name}.`, start: 0, end: 9, headings: [], tokens: 3 };
  const payload = { tenant: 'acme', document, version, sequence: 1, visible: true, visibleFrom, title: name, source: { type: 'text' as const, location: name }, tags: [], policies, metadata: {}, ingestedAt: '2026-01-01T00:00:00.000Z', chunk };
  return { id: pointIdOf(version, 0), dense: score, sparse: score * 3, payload };
}

/** An embedder that never gives the same vector twice, and all that a receipt needs. */
function world(points: MemoryPoint[], changes: Partial<ReceiptDependencies> = {}) {
  let calls = 0;
  const embedder: Embedder = { contract, embedPassages: () => Promise.reject(new Error('not asked')), embedQuery: () => Promise.resolve(new Float32Array([1, (calls += 1) / 1000])), close: () => Promise.resolve() };
  const index = new MemoryIndex(points);
  const history = { read: () => Promise.resolve({ moment, since: moment - 1000 }) };
  const read = createReadPath({ index, embedder, emit: () => undefined, history });
  const dependencies: ReceiptDependencies = { read, history, contract, serving: () => Promise.resolve('blue'), seal, ...changes };
  return { index, dependencies, search: createReceiptedSearch(dependencies), replay: createReplaySearch(dependencies) };
}
const requestOf = (changes: object = {}) => searchRequestSchema.parse({ query: 'harbour', receipt: true, ...changes });
const three = () => [point('one', 0.9, 0), point('two', 1 / 3, 0, ['crew']), point('later', 0.8, moment + 1)];
async function receiptOf({ search }: ReturnType<typeof world>): Promise<SearchReceipt> {
  return receiptSchema.parse(JSON.parse(JSON.stringify((await search(principal, requestOf())).receipt)));
}

describe('receipts', () => {
  test('hold what was visible at the moment, and replay the same through JSON, by the vectors that were asked for', async () => {
    const there = world(three());
    const answer = await there.search(principal, requestOf());
    expect(searchResponseSchema.parse(answer)).toEqual(answer);
    expect([answer.asOf, answer.results.map(({ document }) => document.title)]).toEqual(['2026-11-29T12:00:00.000Z', ['one', 'two']]);
    const receipt = receiptSchema.parse(JSON.parse(JSON.stringify(answer.receipt)));
    expect(receipt.results.map(({ dense, sparse }) => [dense, sparse])).toEqual([[0.9, 0.9 * 3], [1 / 3, 1]]);
    expect(await there.replay(principal, receipt)).toMatchObject({ same: true, reasons: [], differences: [] });
    const asked = there.index.queries.map(({ dense }) => [...(dense ?? [])]);
    expect(asked[1]).toEqual(asked[0]);
  });

  test('say what differs, and what may be why', async () => {
    const points = three();
    const receipt = await receiptOf(world(points));
    const codes = async (at: ReturnType<typeof world>, reader = principal) => {
      const { same, reasons, differences } = await at.replay(reader, receipt);
      expect(same).toBe(differences.length === 0 && reasons.length === 0);
      return [reasons.map(({ code }) => code), differences.map(({ rank }) => rank)];
    };
    expect(await codes(world([points[1]!]))).toEqual([['unavailable'], [1, 2]]);
    expect(await codes(world(points), { ...principal, policies: [] })).toEqual([['caller', 'unavailable'], [2]]);
    expect(await codes(world([{ ...points[0]!, dense: 0.9000000000000001 }, points[1]!]))).toEqual([['release'], [1]]);
    expect(await codes(world(points, { serving: () => Promise.resolve('green') }))).toEqual([[], []]);
    expect(await codes(world([points[0]!], { serving: () => Promise.resolve('green') }))).toEqual([['unavailable', 'generation'], [2]]);
    expect(await codes(world([points[0]!], { history: { read: () => Promise.resolve({ moment, since: null }) } }))).toEqual([['history', 'unavailable'], [2]]);
    expect(await codes(world(points, { contract: { ...contract, revision: '2' } }))).toEqual([['model'], []]);
  });

  test('are searched once more where the alias was led elsewhere meanwhile', async () => {
    const names = ['blue', 'green', 'green'];
    const there = world(three(), { serving: () => Promise.resolve(names.shift()) });
    expect((await receiptOf(there)).generation).toBe('green');
    expect(there.index.queries).toHaveLength(2);
  });

  test('cannot be changed in any place, nor used by another tenant, nor made without the key; a key that only opens will do', async () => {
    const receipt = await receiptOf(world(three()));
    const { seal: _seal, key: _key, ...content } = receipt;
    expect(seal.open('acme', receipt)).toEqual(content);
    expect(createReceiptSeal([keys[1]!, keys[0]!]).open('acme', receipt)).toEqual(content);
    const refused = expect.objectContaining({ code: 'RECEIPT_REFUSED' }) as unknown;
    expect(() => seal.open('globex', receipt)).toThrow(refused);
    expect(() => createReceiptSeal([keys[1]!]).open('acme', receipt)).toThrow(refused);
    expect(() => seal.open('acme', createReceiptSeal([{ id: 'one', key: new Uint8Array(32) }]).seal(content))).toThrow(refused);
    const changes: Partial<SearchReceipt>[] = [
      { asOf: '2026-11-29T12:00:00.001Z' }, { tenant: 'globex' }, { generation: 'green' }, { request: { ...receipt.request, limit: 9 } }, { results: [...receipt.results].reverse() },
      { results: receipt.results.map((line) => ({ ...line, score: line.score + Number.EPSILON })) }, { key: 'two' }, { seal: '' }, { degraded: ['dense'] }, { caller: { policies: [], tiers: null } },
    ];
    for (const change of changes) expect(() => seal.open(change.tenant ?? 'acme', { ...receipt, ...change })).toThrow(refused);
    // Numbers are the same bits after JSON, whatever they are.
    fc.assert(fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }).filter((score) => !Object.is(score, -0)), (score) => {
      const sealed = seal.seal({ ...content, results: [{ ...content.results[0]!, score }] });
      expect(seal.open('acme', JSON.parse(JSON.stringify(sealed)) as SearchReceipt).results[0]?.score).toBe(score);
    }));
  });

  test('are of a first page, and of no remembered answer', async () => {
    const there = world(three());
    const cursor = writeCursor(principal, requestOf(), new ShownPassages());
    expect(readCursor(principal, { ...requestOf({ receipt: false }), cursor }).size).toBe(0);
    await expect(there.search(principal, requestOf({ cursor }))).rejects.toMatchObject({ code: 'INVALID_REQUEST', problems: [{ pointer: '/receipt' }] });
    const cache = { getOrCompute: () => Promise.reject(new Error('the cache was asked')) };
    const cached = createCachedSearch(there.search, { cache, epoch: { read: () => Promise.resolve({ epoch: '1', settings: '1' }) }, emit: () => undefined, version: '1' });
    expect((await cached(principal, requestOf())).receipt).toBeDefined();
    await expect(cached(principal, requestOf({ receipt: false }))).rejects.toThrow('the cache was asked');
  });
});

describe('the time that a search is as of', () => {
  const history = (since: number | null) => ({ read: () => Promise.resolve({ moment, since }) });
  const at = (time: number) => new Date(time).toISOString();

  test('lies between the beginning of history and now', async () => {
    expect(await momentOf(history(null), principal, undefined)).toBeUndefined();
    for (const time of [moment - 1000, moment]) expect(await momentOf(history(moment - 1000), principal, at(time))).toBe(time);
    expect(await momentOf(history(moment - 1000), principal, '2026-11-29T14:00:00+02:00')).toBe(moment);
    await expect(momentOf(history(moment - 1000), principal, at(moment + 1))).rejects.toMatchObject({ code: 'INVALID_REQUEST', problems: [{ pointer: '/asOf' }] });
    await expect(momentOf(history(moment - 1000), principal, at(moment - 1001))).rejects.toMatchObject({ code: 'AS_OF_TOO_EARLY', message: expect.stringContaining(at(moment - 1000)) as string });
    await expect(momentOf(history(null), principal, at(moment))).rejects.toMatchObject({ code: 'AS_OF_TOO_EARLY' });
    await expect(momentOf(undefined, principal, at(moment - 1))).rejects.toMatchObject({ code: 'AS_OF_TOO_EARLY' });
  });

  test('is part of a cursor, so that the pages of one search are of one time', () => {
    const asOf = at(moment);
    const cursor = writeCursor(principal, requestOf({ asOf }), new ShownPassages());
    expect(readCursor(principal, { ...requestOf({ asOf }), cursor }).size).toBe(0);
    expect(() => readCursor(principal, { ...requestOf({ asOf: at(moment - 1) }), cursor })).toThrow(/cursor/);
    expect(() => readCursor(principal, { ...requestOf(), cursor })).toThrow(/cursor/);
  });

  test.each(['yesterday', '2026-11-29', '2026-11-29T12:00:00', 1764417600000])('%s is none', (asOf) => {
    expect(searchRequestSchema.safeParse({ query: 'x', asOf }).success).toBe(false);
  });
});
