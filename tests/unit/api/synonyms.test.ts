import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Synonyms } from '../../../src/contracts/synonyms.ts';
import type { SuggestQuery } from '../../../src/contracts/suggest.ts';
import { startRegistryApi } from '../../support/api/registryApi.ts';
import type { Caller, RegistryApi } from '../../support/api/registryApi.ts';

let api: RegistryApi;
let call: Caller;
let stranger: Caller;
const asked: SuggestQuery[] = [];

beforeAll(async () => {
  api = await startRegistryApi(() => ({
    suggest: (_principal, query) => {
      asked.push(query);
      return Promise.resolve({ query: query.q, titles: [], headings: [], terms: [], tookMs: 1 });
    },
  }));
  call = await api.as('acme');
  stranger = await api.as('stranger');
}, 600_000);
afterAll(() => api.close());

const path = '/v1/search/synonyms';
const synonyms: Synonyms = { groups: [['heart attack', 'myocardial infarction']], rules: [{ from: 'NSAID', to: ['ibuprofen'] }] };

describe('synonyms', () => {
  it('are none at first, replaced as a whole, and removed; each tenant has its own', async () => {
    expect((await call<Synonyms>('GET', path)).body).toEqual({ groups: [], rules: [] });
    expect(await call<Synonyms>('PUT', path, synonyms)).toMatchObject({ status: 200, body: synonyms });
    expect((await call<Synonyms>('GET', path)).body).toEqual(synonyms);
    expect((await stranger<Synonyms>('GET', path)).body).toEqual({ groups: [], rules: [] });
    expect((await call<Synonyms>('PUT', path, { groups: [[' car ', 'automobile']] })).body).toEqual({ groups: [['car', 'automobile']], rules: [] });
    expect((await stranger<Synonyms>('DELETE', path)).status).toBe(200);
    expect((await call<Synonyms>('GET', path)).body.groups).toEqual([['car', 'automobile']]);
    expect((await call<Synonyms>('DELETE', path)).body).toEqual({ groups: [], rules: [] });
    expect((await call<Synonyms>('GET', path)).body).toEqual({ groups: [], rules: [] });
  });

  it.each([
    [{ groups: [['alone']] }, '/groups/0'],
    [{ rules: [{ from: '…', to: ['x'] }] }, '/rules/0/from'],
    [{ groups: Array.from({ length: 1001 }, () => ['a', 'b']) }, '/groups'],
    [{ more: 1 }, '/more'],
  ])('%# is refused', async (body, pointer) => {
    const { status, body: problem } = await call('PUT', path, body);
    expect([status, problem.code]).toEqual([422, 'INVALID_REQUEST']);
    expect(problem.errors?.[0]?.pointer).toBe(pointer);
  });

  it('rows of others are not to be had, whatever is asked of the table', async () => {
    await call('PUT', path, synonyms);
    const seen = await api.database.withTenant('stranger', (transaction) => transaction.selectFrom('synonyms').selectAll().execute());
    expect(seen).toEqual([]);
    await expect(api.database.withTenant('stranger', (transaction) => sql`insert into synonyms (tenant, synonyms) values ('acme', '{}')`.execute(transaction))).rejects.toThrow();
  });
});

describe('suggest', () => {
  it('takes what is typed, a limit and kinds', async () => {
    const query = { q: 'refund dead', limit: 3, kinds: ['titles', 'terms'] };
    expect((await call<{ query: string }>('GET', '/v1/suggest?q=%20refund%20dead&limit=3&kinds=titles,%20terms,titles')).body.query).toBe('refund dead');
    expect(asked.at(-1)).toEqual(query);
    await call('GET', '/v1/suggest?q=ca');
    expect(asked.at(-1)).toEqual({ q: 'ca', limit: 5, kinds: ['titles', 'headings', 'terms'] });
  });

  it.each([['', '/query/q'], ['?q=a', '/query/q'], ['?q=ab&limit=21', '/query/limit'], ['?q=ab&kinds=words', '/query/kinds'], ['?q=ab&kinds=', '/query/kinds'], ['?q=ab&size=2', '/query/size']])('%j is refused', async (query, pointer) => {
    const { status, body } = await call('GET', `/v1/suggest${query}`);
    expect([status, body.errors?.[0]?.pointer.startsWith(pointer)]).toEqual([422, true]);
  });
});
