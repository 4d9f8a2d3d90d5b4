import { afterAll, beforeAll, expect, test } from 'vitest';
import { newAlias, startIndexServer } from './indexServer.ts';
import type { IndexServer } from './indexServer.ts';
import { principal, unitVector, version } from './points.ts';

let server: IndexServer;
beforeAll(async () => {
  server = await startIndexServer();
});
afterAll(() => server.stop());

test('what was acknowledged is there after kill -9, and calls in between say INDEX_UNAVAILABLE', async (context) => {
  if (server.crash === undefined) return context.skip('the server at QDRANT_URL is not ours to kill');
  const index = server.open(newAlias());
  await index.prepare();
  const acknowledged: ReturnType<typeof version>[] = [];
  const failures = new Set<unknown>();
  let crashing = true;
  const writing = (async () => {
    for (let number = 0; crashing || failures.size === 0; number += 1) {
      const next = version({ name: `document ${number}`, texts: ['One.', 'Two.', 'Three.'] });
      try {
        await index.upsert(next.points);
        await index.publish('acme', [next]);
        acknowledged.push(next);
      } catch (error) {
        failures.add((error as { readonly code?: unknown }).code);
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    }
  })();
  while (acknowledged.length < 50) await new Promise((resolve) => setTimeout(resolve, 10));
  await server.crash();
  crashing = false;
  await writing;
  expect([...failures]).toEqual(['INDEX_UNAVAILABLE']);
  await index.prepare();
  expect(await index.countVersions('acme', acknowledged)).toEqual(acknowledged.map(() => 3));
  const { dense } = await index.queryLegs(principal('acme'), {}, { dense: unitVector(1), limit: 10_000 });
  const shown = await index.retrieve(principal('acme'), (dense ?? []).map(({ id }) => id));
  const titles = new Set([...shown.values()].map(({ title }) => title));
  for (const { points } of acknowledged) expect(titles).toContain(points[0]?.payload.title);
});
