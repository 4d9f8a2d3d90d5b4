import { expect, test } from 'vitest';
import { createQuerySample } from '../../../../src/api/search/querySample.ts';
import { searchRequestSchema } from '../../../../src/contracts/search.ts';
import type { AskedQuery } from '../../../../src/ports/querySamples.ts';

const principal = (tenant: string) => ({ tenant, subject: 'someone', roles: [], policies: ['green'] });
const request = (query: string, cursor?: string) => searchRequestSchema.parse({ query, ...(cursor === undefined ? {} : { cursor }) });

const withoutPersonalData = (query: string) => query.replace('jane@example.com', '[email]');

function start(part: number, random = 0.5) {
  const written: [string, readonly AskedQuery[]][] = [];
  const sample = createQuerySample({ samples: { add: (tenant, queries) => Promise.resolve(void written.push([tenant, queries])) }, part, withoutPersonalData, random: () => random });
  return { sample, written };
}

test('first pages are kept by tenant, with the labels of the caller and without personal data', async () => {
  const { sample, written } = start(1);
  sample.note(principal('acme'), request('contract of jane@example.com'));
  sample.note(principal('acme'), request('second page', 'cursor'));
  sample.note(principal('globex'), request('rates'));
  await sample.stop();
  expect(written).toEqual([['acme', [{ query: 'contract of [email]', policies: ['green'] }]], ['globex', [{ query: 'rates', policies: ['green'] }]]]);
});

test('only the part that is wanted is kept', async () => {
  const { sample, written } = start(0.4);
  sample.note(principal('acme'), request('left out'));
  await sample.stop();
  expect(written).toEqual([]);
});

test('a store that is away costs the sample and nothing else', async () => {
  const sample = createQuerySample({ samples: { add: () => Promise.reject(new Error('away')) }, part: 1, withoutPersonalData });
  sample.note(principal('acme'), request('lost'));
  await expect(sample.stop()).resolves.toBeUndefined();
});
