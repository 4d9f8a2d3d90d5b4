import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createConsistencyRegistry } from '../../../src/adapters/postgres/consistency/consistencyRegistry.ts';
import { bucketRange } from '../../../src/consistency/buckets.ts';
import type { Fault } from '../../../src/contracts/consistency.ts';
import { digestOf, newIdentifier } from '../../../src/contracts/identifiers.ts';
import type { ConsistencyRegistry, PageCounts } from '../../../src/ports/consistencyRegistry.ts';
import { entry, openShelf, referencesOf } from './shelf.ts';
import type { Shelf } from './shelf.ts';

let shelf: Shelf;
let registry: ConsistencyRegistry;
beforeAll(async () => {
  shelf = await openShelf();
  registry = createConsistencyRegistry(shelf.database);
}, 600_000);
afterAll(() => shelf.close());

const everything = bucketRange(0, 1);
const counts = (changes: Partial<PageCounts> = {}): PageCounts => ({ documents: 0, points: 0, ownPoints: 0, indexBytes: 0, objects: 0, artifactBytes: 0, opened: 0, inMotion: 0, uncompared: 0, digest: null, ...changes });
const fault = (place: string, outcome: Fault['outcome'], kind: Fault['kind'] = 'missing-point'): Fault => ({ kind, place, documentId: null, versionId: 'anything', detail: `of ${place}`, outcome });

async function accept(tenant: string): Promise<string> {
  const id = newIdentifier();
  await registry.accept({ tenant, subject: 'auditor' }, { id, workflowId: `consistency/${tenant}/${id}`, dryRun: false, deep: true });
  return id;
}

describe('the life of an audit', () => {
  it('goes from its acceptance to a report that sums up pages and faults, whichever are told twice', async () => {
    const id = await accept('life');
    expect(await registry.find('life', id)).toMatchObject({ state: 'queued', dryRun: false, deep: true, report: null, subject: 'auditor' });
    expect((await registry.begin('life', id)).state).toBe('running');
    for (let time = 0; time < 2; time += 1) {
      await registry.addToReport('life', id, { step: 'documents', page: 0 }, counts({ documents: 3, points: 9, ownPoints: 8, digest: digestOf('a') }));
      await registry.addToReport('life', id, { step: 'objects', page: 0 }, counts({ objects: 5, artifactBytes: 7 }));
      await registry.noteFaults('life', id, [fault('p1', 'pending'), fault('p2', 'pending'), fault('o', 'pending', 'missing-artifact')]);
    }
    expect(await registry.sumPages('life', id)).toMatchObject({ documents: 3, points: 9, ownPoints: 8, objects: 5 });
    await registry.noteFaults('life', id, [fault('p1', 'mended'), fault('o', 'lost', 'missing-artifact')]);
    // Told again by a try that was cut off: what became of it stays.
    await registry.noteFaults('life', id, [fault('p1', 'pending')]);
    const { report, state } = await registry.finish('life', id);
    expect({ state, report }).toMatchObject({ state: 'finished', report: { documents: 3, points: 9, objects: 5, artifactBytes: 7, found: { 'missing-point': 2, 'missing-artifact': 1 }, mended: { 'missing-point': 2 } } });
    expect((await registry.finish('life', id)).report).toEqual(report);
    const first = await registry.listFaults('life', id, undefined, 2);
    const rest = await registry.listFaults('life', id, first.next ?? undefined, 2);
    expect([...first.faults, ...rest.faults].map(({ place, outcome }) => [place, outcome])).toEqual([['p1', 'mended'], ['p2', 'mended'], ['o', 'lost']]);
    expect(rest.next).toBeNull();
  });

  it('that came to nothing says so, and one that has ended stays as it is', async () => {
    const id = await accept('failing');
    await registry.begin('failing', id);
    expect(await registry.fail('failing', id)).toMatchObject({ state: 'failed', report: null, finishedAt: expect.any(String) as unknown });
    const ended = await accept('failing');
    await registry.begin('failing', ended);
    await registry.finish('failing', ended);
    expect(await registry.fail('failing', ended)).toMatchObject({ state: 'finished' });
  });

  it('is the tenant’s own', async () => {
    const id = await accept('owner');
    expect([await registry.find('other', id), (await registry.list('other', undefined, 10)).audits, (await registry.list('owner', undefined, 10)).audits.length]).toEqual([undefined, [], 1]);
    await expect(registry.begin('other', id)).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });
});

describe('versions that are shown', () => {
  it('come by buckets, with labels, sequences and artifacts, and without what is replaced or deleted', async () => {
    await shelf.ingest('shown', [{ key: 'id:a', text: 'before' }, { key: 'id:b', text: 'beta' }]);
    const { progress } = await shelf.ingest('shown', [{ key: 'id:a', text: 'now' }]);
    const all = await registry.readShown('shown', everything, null, true);
    expect(all).toHaveLength(2);
    expect(await registry.countShown('shown')).toBe(2);
    const newest = all.find(({ documentId }) => documentId === progress[0]?.documentId);
    expect(newest).toMatchObject({ versionId: progress[0]?.versionId, sequence: progress[0]?.sequence, inMotion: false, summary: null, chunks: 2 });
    expect(Object.values(newest?.artifacts ?? {}).map(({ digest }) => digest).sort()).toEqual(referencesOf(progress[0]!).map(({ digest }) => digest).sort());
    const parts = await Promise.all(Array.from({ length: 16 }, (_, number) => registry.readShown('shown', bucketRange(number, 16), null, false)));
    expect(parts.flat().map(({ documentId }) => documentId)).toEqual(all.map(({ documentId }) => documentId));
  });

  it('keep summaries and copies of manifests, which go with the version', async () => {
    const { progress } = await shelf.ingest('kept', [{ key: 'id:a', text: 'kept' }]);
    const { documentId, versionId } = progress[0]!;
    const summary = { made: digestOf('release'), ordinals: [0, 2], contents: digestOf('contents') };
    await registry.storeSummaries('kept', [{ documentId, versionId, summary }, { documentId, versionId: newIdentifier(), summary }]);
    await registry.keepManifests('kept', [{ documentId, versionId, bytes: Buffer.from('{"manifest":1}') }]);
    expect((await registry.readShown('kept', everything, null, false))[0]?.summary).toEqual(summary);
    expect(Buffer.from((await registry.findManifests('kept', [{ documentId, versionId }])).get(versionId) ?? []).toString()).toBe('{"manifest":1}');
    expect((await registry.findManifests('other', [{ documentId, versionId }])).size).toBe(0);
    await shelf.database.withTenant('kept', (transaction) => sql`delete from versions where tenant = 'kept'`.execute(transaction));
    expect((await registry.findManifests('kept', [{ documentId, versionId }])).size).toBe(0);
  });

  it('are in motion while the index may not know their labels', async () => {
    await shelf.ingest('labelled', [{ key: 'id:a', text: 'alpha' }]);
    const [version] = await registry.readShown('labelled', everything, null, false);
    const id = newIdentifier();
    await shelf.labels.change({ tenant: 'labelled', subject: 's', policies: [] }, { id, documents: [version?.documentId ?? ''], labels: ['x'] });
    expect((await registry.readShown('labelled', everything, null, false))[0]).toMatchObject({ inMotion: true, policies: ['x'] });
    await shelf.labels.apply('labelled', id, () => Promise.resolve());
    expect((await registry.readShown('labelled', everything, null, false))[0]).toMatchObject({ inMotion: false, policies: ['x'] });
  });

  it('cannot be published, or deleted, while an audit works on them', async () => {
    await shelf.ingest('settled', [{ key: 'id:a', text: 'alpha' }]);
    const [version] = await registry.readShown('settled', everything, null, false);
    const order: string[] = [];
    let newer: Promise<unknown> = Promise.resolve();
    await registry.whileSettled('settled', [version?.documentId ?? ''], async ({ shown, standings }) => {
      expect(shown.map(({ versionId }) => versionId)).toEqual([version?.versionId]);
      expect(standings).toMatchObject([{ versionId: version?.versionId, known: true, doomed: false, working: [] }]);
      newer = shelf.ingest('settled', [{ key: 'id:a', text: 'a newer one' }]).then(() => order.push('published'));
      await new Promise((resolve) => setTimeout(resolve, 500));
      order.push('worked');
      return { result: undefined, changed: true };
    });
    await newer;
    expect(order).toEqual(['worked', 'published']);
    const [after] = await registry.readShown('settled', everything, null, false);
    expect(after?.versionId).not.toBe(version?.versionId);
  });
});

describe('standings', () => {
  it('tell what is known, in work, and shown', async () => {
    const accepted = await shelf.accept('standing', [{ key: 'id:new', text: 'new' }]);
    const { progress } = await shelf.ingest('standing', [{ key: 'id:old', text: 'old' }]);
    const waiting = accepted.specifications[0]?.documentId ?? '';
    const unknown = newIdentifier();
    const found = new Map((await registry.readStandings('standing', [waiting, progress[0]!.documentId, unknown])).map((standing) => [standing.documentId, standing]));
    expect(found.get(waiting)).toMatchObject({ versionId: null, known: true, working: [accepted.sequences[0]] });
    expect(found.get(progress[0]!.documentId)).toMatchObject({ versionId: progress[0]?.versionId, known: true, working: [] });
    expect(found.get(unknown)).toMatchObject({ versionId: null, known: false, doomed: false, working: [] });
  });
});

describe('artifacts that versions need', () => {
  it('come in the order in which the store lists them, page by page', async () => {
    await shelf.ingest('needed', Array.from({ length: 3 }, (_, number) => ({ key: `id:${number}`, text: `text ${number}` })));
    await shelf.ingest('needed', [{ key: 'id:4', text: 'text 4' }]);
    const { objects } = await shelf.artifacts.listObjects('needed', undefined, 1_000);
    const all = await registry.readNeeded('needed', null, null);
    const listed = objects.map(({ uri }) => uri);
    const pages: string[] = [];
    for (let start = 0; start < listed.length; start += 2) {
      const last = start + 2 >= listed.length ? null : (listed[start + 1] ?? null);
      pages.push(...(await registry.readNeeded('needed', start === 0 ? null : (listed[start - 1] ?? null), last)).map(({ uri }) => uri));
    }
    expect(pages.sort()).toEqual(all.map(({ uri }) => uri).sort());
    expect(all.every(({ uri }) => listed.includes(uri))).toBe(true);
    const needing = await registry.readNeeding('needed', all.flatMap(({ references }) => references));
    expect(needing).toHaveLength(20);
    expect(needing.every(({ shown, artifacts }) => shown && Object.keys(artifacts).length === 5)).toBe(true);
  });

  it('have seals, which are forgotten with the object', async () => {
    const { progress } = await shelf.ingest('sealed', [{ key: 'id:a', text: 'sealed' }]);
    const uris = referencesOf(progress[0]!).map(({ uri }) => uri);
    await registry.storeSeals('sealed', uris.map((uri) => ({ uri, seal: `seal of ${uri}`, bytes: 7 })));
    expect((await registry.readNeeded('sealed', null, null)).map(({ uri, seal, bytes }) => seal === `seal of ${uri}` && bytes === 7)).not.toContain(false);
    await registry.dropSeals('sealed', null, null, uris.slice(1));
    expect((await registry.readNeeded('sealed', null, null)).filter(({ seal }) => seal === null).map(({ uri }) => uri)).toEqual([uris[0]]);
  });

  it('are never what no record names, which is unused once it is old enough', async () => {
    const { progress } = await shelf.ingest('unused', [{ key: 'id:a', text: 'used' }]);
    const [orphan] = await shelf.artifacts.putAll('unused', 'text', [entry('nobody names it')]);
    const [output] = await shelf.artifacts.putAll('unused', 'text', [entry('an output')]);
    await shelf.outputs.record('unused', [{ key: digestOf('a key'), reference: output! }]);
    const { objects } = await shelf.artifacts.listObjects('unused', undefined, 1_000);
    const ago = (hours: number) => objects.map(({ uri }) => ({ uri, storedAt: new Date(Date.now() - hours * 3_600_000) }));
    expect(await registry.findUnused('unused', ago(0), 1_000)).toEqual([]);
    expect(await registry.findUnused('unused', ago(24 * 6), 1_000)).toEqual([]);
    expect(await registry.findUnused('unused', ago(24 * 8), 1_000)).toEqual([orphan?.uri]);
    expect(referencesOf(progress[0]!)).toHaveLength(5);
  });
});
