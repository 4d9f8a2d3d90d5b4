import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { QdrantIndex } from '../../../src/adapters/qdrant/qdrantIndex.ts';
import { newAlias, startIndexServer } from './indexServer.ts';
import type { IndexServer } from './indexServer.ts';
import { principal, unitVector, version } from './points.ts';

let server: IndexServer;
let index: QdrantIndex;
beforeAll(async () => {
  server = await startIndexServer();
});
afterAll(() => server.stop());
beforeEach(async () => {
  index = server.open(newAlias());
  await index.prepare();
});

async function shown(tenant = 'acme'): Promise<number> {
  return ((await index.queryLegs(principal(tenant), {}, { dense: unitVector(1), limit: 5000 })).dense ?? []).length;
}

describe('hiding and deleting documents', () => {
  test('takes what has a number up to the one named, spares later versions, other documents and other tenants, and may be repeated', async () => {
    const old = version({ sequence: 1, visible: true, texts: ['One.', 'Two.'] });
    const pending = version({ sequence: 4, texts: ['Three.'] });
    const later = version({ sequence: 9, visible: true, texts: ['New.'] });
    const neighbour = version({ name: 'neighbour', visible: true });
    const foreign = version({ tenant: 'other', visible: true });
    await index.upsert([old, pending, later, neighbour, foreign].flatMap(({ points }) => points));
    const doomed = [{ documentId: old.documentId, sequence: 4 }];
    expect(await index.countDocuments('acme', doomed)).toBe(3);
    for (let time = 0; time < 2; time += 1) {
      await index.hideDocuments('acme', doomed);
      expect(await shown()).toBe(2);
      expect(await index.countDocuments('acme', doomed)).toBe(3);
    }
    for (let time = 0; time < 2; time += 1) {
      await index.deleteDocuments('acme', doomed);
      expect(await index.countDocuments('acme', doomed)).toBe(0);
      expect(await index.countVersions('acme', [old, pending, later, neighbour])).toEqual([0, 0, 1, 1]);
    }
    expect(await shown('other')).toBe(1);
  });

  test('names documents of its own tenant only', async () => {
    const foreign = version({ tenant: 'other', visible: true });
    await index.upsert(foreign.points);
    const doomed = [{ documentId: foreign.documentId, sequence: 10 }];
    await index.hideDocuments('acme', doomed);
    await index.deleteDocuments('acme', doomed);
    expect(await index.countDocuments('acme', doomed)).toBe(0);
    expect(await shown('other')).toBe(1);
  });

  test('thousands of documents, each with a number of its own', async () => {
    const versions = Array.from({ length: 1200 }, (_, number) => version({ name: `d${number}`, sequence: number + 1, visible: true, texts: ['Text.', 'More.'] }));
    await index.upsert(versions.flatMap(({ points }) => points));
    const doomed = versions.slice(100).map(({ documentId, sequence }) => ({ documentId, sequence }));
    expect(await index.countDocuments('acme', doomed)).toBe(2200);
    await index.hideDocuments('acme', doomed);
    expect(await shown()).toBe(200);
    await index.deleteDocuments('acme', doomed);
    expect(await index.countDocuments('acme', doomed)).toBe(0);
    expect(await shown()).toBe(200);
    expect(await index.countDocuments('acme', [])).toBe(0);
  });
});
