import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createSourceRegistry } from '../../../src/adapters/postgres/sources/sourceRegistry.ts';
import { documentIdOf, newIdentifier } from '../../../src/contracts/identifiers.ts';
import type { WrittenDocument } from '../../../src/contracts/ingestion.ts';
import { sourceRequestSchema } from '../../../src/contracts/sources.ts';
import type { DocumentSpecification } from '../../../src/contracts/specification.ts';
import { carryOut } from './carryOut.ts';
import { openShelf } from './shelf.ts';
import type { Shelf } from './shelf.ts';

let shelf: Shelf;
beforeAll(async () => {
  shelf = await openShelf();
}, 600_000);
afterAll(() => shelf.close());

const fetched = { finalUrl: 'https://example.org/folder/page.html', fetchedAt: '2026-01-01T00:00:00.000Z', etag: '"1"', headers: {}, credits: 2 };

describe('the library', () => {
  it('tells the history of a document: versions with their artifacts and cost, requests, deletions', async () => {
    const first = await shelf.ingest('history', [{ key: 'id:one', text: 'first' }]);
    const second = await shelf.ingest('history', [{ key: 'id:one', text: 'second' }]);
    const documentId = documentIdOf('history', 'id:one');
    const history = await shelf.library.history('history', documentId);
    expect(history?.document).toMatchObject({ id: documentId, title: 'Title of id:one', source: { type: 'text', location: 'id:one' }, chunks: 2, deletedAt: null });
    expect(history?.versions.map(({ jobId, replacedAt, tokens, cost, subject }) => [jobId, replacedAt === null, tokens, cost, subject])).toEqual([
      [second.jobId, true, 1000, 0.002, 'tester'],
      [first.jobId, false, 1000, 0.002, 'tester'],
    ]);
    const { raw, text, chunks, vectors, manifest } = first.progress[0] as WrittenDocument;
    expect(history?.versions[1]?.artifacts).toEqual([{ kind: 'raw', ...raw }, { kind: 'text', ...text }, { kind: 'chunks', ...chunks }, { kind: 'vectors', ...vectors }, { kind: 'manifest', ...manifest }]);
    expect(history?.requests.map(({ jobId, outcome, state }) => [jobId, outcome, state])).toEqual([[second.jobId, 'updated', 'succeeded'], [first.jobId, 'created', 'succeeded']]);
    expect(await shelf.library.findVersion('history', documentId, undefined)).toEqual(history?.versions[0]);
    expect(await shelf.library.findVersion('history', documentId, first.progress[0]!.versionId)).toEqual(history?.versions[1]);
    expect(await shelf.library.findVersion('history', documentId, newIdentifier())).toBeUndefined();
    for (const tenant of ['another', 'history-2']) {
      expect(await shelf.library.history(tenant, documentId)).toBeUndefined();
      expect(await shelf.library.find(tenant, documentId)).toBeUndefined();
      expect(await shelf.library.findVersion(tenant, documentId, undefined)).toBeUndefined();
    }
  });

  it('lists documents in pages, by source, and deleted ones apart', async () => {
    const sourceId = newIdentifier();
    await shelf.ingest('lists', Array.from({ length: 5 }, (_, number) => ({ key: `id:${number}`, text: `text ${number}`, ...(number < 2 ? { sourceId } : {}) })));
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await shelf.library.list('lists', {}, cursor, 2);
      seen.push(...page.documents.map(({ title }) => title ?? ''));
      cursor = page.next ?? undefined;
    } while (cursor !== undefined);
    expect(seen.sort()).toEqual([0, 1, 2, 3, 4].map((number) => `Title of id:${number}`));
    expect((await shelf.library.list('lists', { sourceId }, undefined, 10)).documents).toHaveLength(2);
    await carryOut(shelf, 'lists', { documents: [documentIdOf('lists', 'id:0')] });
    expect((await shelf.library.list('lists', {}, undefined, 10)).documents).toHaveLength(4);
    expect((await shelf.library.list('lists', { sourceId, deleted: true }, undefined, 10)).documents.map(({ id }) => id)).toEqual([documentIdOf('lists', 'id:0')]);
  });

  it('knows what was fetched of the visible version', async () => {
    const documentId = documentIdOf('fetched', 'id:one');
    const ingestion = await shelf.accept('fetched', [{ key: 'id:one', text: 'fetched' }]);
    await shelf.acquire('fetched', ingestion);
    await shelf.make('fetched', ingestion);
    await shelf.write('fetched', ingestion);
    ingestion.progress[0] = { ...ingestion.progress[0]!, fetched };
    expect(await shelf.documents.findFetched('fetched', documentId)).toBeUndefined();
    await shelf.publish('fetched', ingestion);
    expect(await shelf.documents.findFetched('fetched', documentId)).toEqual({ fetched, raw: ingestion.progress[0].raw });
    expect((await shelf.library.findVersion('fetched', documentId, undefined))?.cost).toBeCloseTo(1.002);
    await shelf.ingest('fetched', [{ key: 'id:one', text: 'by hand' }]);
    expect(await shelf.documents.findFetched('fetched', documentId)).toBeUndefined();
  });
});

describe('undoing a job', () => {
  it('removes what it made, restores what it changed, leaves alone what a later one changed or deleted', async () => {
    const web = (specification: DocumentSpecification): DocumentSpecification =>
      specification.sourceKey === 'id:changed' ? { ...specification, origin: { ...(specification.origin as Extract<DocumentSpecification['origin'], { type: 'stored' }>), url: 'https://example.org/a', title: 'told', fileName: 'a.html', fetched } } : specification;
    const before = await shelf.ingest('undo', ['changed', 'later', 'gone'].map((key) => ({ key: `id:${key}`, text: `${key} before` })), web);
    const undone = await shelf.ingest('undo', ['made', 'changed', 'later', 'gone', 'made-too'].map((key) => ({ key: `id:${key}`, text: `${key} by the job` })));
    await shelf.ingest('undo', [{ key: 'id:later', text: 'later changed again' }]);
    await carryOut(shelf, 'undo', { documents: [documentIdOf('undo', 'id:gone')] });
    const first = await shelf.documents.planUndo('undo', undone.jobId, -1, 2);
    expect(first).toMatchObject({ remove: [documentIdOf('undo', 'id:made')], lost: [], last: 1 });
    const { index: _index, ...specification } = before.specifications[0]!;
    expect(first.restore).toEqual([{ specification: { ...specification, origin: { ...specification.origin, mediaType: 'text/plain' } } }]);
    expect(await shelf.documents.planUndo('undo', undone.jobId, 1, 100)).toEqual({ remove: [documentIdOf('undo', 'id:made-too')], restore: [], lost: [], last: 4 });
    expect(await shelf.documents.planUndo('undo', undone.jobId, 4, 100)).toEqual({ remove: [], restore: [], lost: [], last: null });
    expect(await shelf.documents.planUndo('other', undone.jobId, -1, 100)).toMatchObject({ last: null });
  });

  it('restores a page as it was fetched, and names what has no bytes any more', async () => {
    const asPage = async (tenant: string, text: string) => {
      const ingestion = await shelf.accept(tenant, [{ key: 'url:https://example.org/a', text }], (specification) => {
        const { title: _title, bytes: _bytes, ...rest } = specification;
        return { ...rest, source: { type: 'url', location: 'https://example.org/a' }, origin: { type: 'url', url: 'https://example.org/a' } };
      });
      const [raw] = await shelf.artifacts.putAll(tenant, 'raw', [{ bytes: Buffer.from(text), mediaType: 'text/html; charset=utf-8' }]);
      ingestion.progress[0] = { ...(await acquired(tenant, ingestion, raw!)), fetched, sourceTitle: 'Told by the page' };
      await shelf.make(tenant, ingestion);
      await shelf.write(tenant, ingestion);
      await shelf.publish(tenant, { ...ingestion, specifications: [{ ...ingestion.specifications[0]!, title: 'Told by the page' }] });
      return { ...ingestion, raw: raw! };
    };
    const acquired = async (tenant: string, ingestion: Awaited<ReturnType<Shelf['accept']>>, raw: WrittenDocument['raw']) => {
      const stored = { ...ingestion, specifications: ingestion.specifications.map((specification) => ({ ...specification, origin: { type: 'stored' as const, reference: raw } })) };
      await shelf.acquire(tenant, stored);
      return stored.progress[0]!;
    };
    const before = await asPage('pages', 'page before');
    const undone = await asPage('pages', 'page by the job');
    const { restore } = await shelf.documents.planUndo('pages', undone.jobId, -1, 10);
    expect(restore[0]?.specification.origin).toEqual({ type: 'stored', reference: before.raw, mediaType: 'text/html; charset=utf-8', fileName: 'page.html', url: 'https://example.org/folder/page.html', title: 'Told by the page', fetched });
    await shelf.database.withTenant('pages', (transaction) => transaction.deleteFrom('version_artifacts').where('version_id', '=', before.progress[0]!.versionId).execute());
    expect(await shelf.documents.planUndo('pages', undone.jobId, -1, 10)).toMatchObject({ remove: [], restore: [], lost: [documentIdOf('pages', 'url:https://example.org/a')] });
  });
});

describe('registered sources', () => {
  const request = (name: string) => sourceRequestSchema.parse({ name, definition: { type: 'feed', url: 'https://example.org/feed' }, schedule: { everySeconds: 60 } });

  it('are kept, changed, listed newest first and removed, each tenant its own', async () => {
    const sources = createSourceRegistry(shelf.database);
    const ids = [newIdentifier(), newIdentifier(), newIdentifier()];
    for (const [number, id] of ids.entries()) await sources.create('sources', id, request(`source ${number}`));
    expect(await sources.find('sources', ids[0]!)).toMatchObject({ ...request('source 0'), id: ids[0], documents: 0, lastJob: null });
    expect(await sources.update('sources', ids[0]!, request('renamed'))).toMatchObject({ name: 'renamed' });
    const page = await sources.list('sources', undefined, 2);
    expect(page.sources.map(({ id }) => id)).toEqual([ids[2], ids[1]]);
    expect(await sources.list('sources', page.next!, 2)).toMatchObject({ sources: [{ name: 'renamed' }], next: null });
    expect(await sources.find('other', ids[0]!)).toBeUndefined();
    expect(await sources.update('other', ids[0]!, request('stolen'))).toBeUndefined();
    expect(await sources.remove('other', ids[0]!)).toBe(false);
    expect([await sources.remove('sources', ids[0]!), await sources.remove('sources', ids[0]!)]).toEqual([true, false]);
  });

  it('know their documents and their last run', async () => {
    const sources = createSourceRegistry(shelf.database);
    const sourceId = newIdentifier();
    const { definition } = await sources.create('runs', sourceId, request('feed'));
    await shelf.ingest('runs', [{ key: 'id:one', text: 'one', sourceId }, { key: 'id:two', text: 'two' }]);
    const jobId = newIdentifier();
    await shelf.jobs.accept({ tenant: 'runs', subject: 's' }, { jobId, workflowId: 'w', documents: [], source: { sourceId, definition, attributes: { metadata: {}, tags: [], policies: [] }, onMissing: 'keep' } });
    expect(await sources.find('runs', sourceId)).toMatchObject({ documents: 1, lastJob: { id: jobId, state: 'queued', finishedAt: null } });
  });
});
