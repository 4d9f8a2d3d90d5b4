import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { digestOf, digestOfJson, documentIdOf, newIdentifier } from '../../../src/contracts/identifiers.ts';
import type { ParsedArtifact } from '../../../src/contracts/ingestion.ts';
import { documentSpecificationSchema } from '../../../src/contracts/specification.ts';
import { createSourceRegistry } from '../../../src/adapters/postgres/sources/sourceRegistry.ts';
import { sourceRequestSchema } from '../../../src/contracts/sources.ts';
import { principal, unitVector } from '../index/points.ts';
import { carryOut } from './carryOut.ts';
import type { DeletionStepName } from './carryOut.ts';
import { entry, openShelf, referencesOf } from './shelf.ts';
import type { Shelf } from './shelf.ts';

let shelf: Shelf;
beforeAll(async () => {
  shelf = await openShelf();
}, 600_000);
afterAll(() => shelf.close());

const shown = async (tenant: string): Promise<number> => ((await shelf.index.queryLegs(principal(tenant), {}, { dense: unitVector(1), limit: 1000 })).dense ?? []).length;

/** All bytes the tenant has in S3, as text. */
async function bytesOf(tenant: string): Promise<string> {
  const { objects } = await shelf.artifacts.listObjects(tenant, undefined, 1000);
  const bodies = await Promise.all(objects.map(({ uri }) => shelf.artifacts.getObject(tenant, uri, 10_000_000)));
  return bodies.map((bytes) => Buffer.from(bytes).toString()).join('\n');
}

/** All rows the tenant has in Postgres but for the receipts and the outbox, as text. */
async function rowsOf(tenant: string): Promise<string> {
  const tables = ['jobs', 'job_documents', 'job_events', 'documents', 'versions', 'version_artifacts', 'stage_outputs', 'uploads', 'discovered_addresses'];
  const parts = await shelf.database.withTenant(tenant, async (transaction) => {
    const texts: string[] = [];
    for (const table of tables) texts.push(...(await sql<{ line: string }>`select row_to_json(t)::text as line from ${sql.table(table)} t`.execute(transaction)).rows.map(({ line }) => line));
    return texts;
  });
  return parts.join('\n');
}

const four = [
  { key: 'id:a', text: 'alpha content' },
  { key: 'id:b', text: 'beta content' },
  { key: 'id:same-1', text: 'the very same' },
  { key: 'id:same-2', text: 'the very same' },
];

describe('deleting documents', () => {
  it.each([1, 2])('removes points, bytes and content of the document and spares its neighbours in every pack; each step %d times', async (times) => {
    const tenant = `plain-${times}`;
    const { progress } = await shelf.ingest(tenant, four);
    const documentId = documentIdOf(tenant, 'id:a');
    const unsearchable: number[] = [];
    const { receipt, deletionId, events } = await carryOut(shelf, tenant, { documents: [documentId] }, {
      times,
      after: async (step) => {
        if (step === 'hide') unsearchable.push(await shown(tenant));
      },
    });
    expect(unsearchable).toEqual([6]);
    expect(await bytesOf(tenant)).not.toContain('alpha');
    expect(await shelf.artifacts.getAll(tenant, [1, 2, 3].flatMap((place) => referencesOf(progress[place]!)))).toHaveLength(15);
    const rows = await rowsOf(tenant);
    expect(rows).not.toContain('id:a"');
    expect(rows).not.toContain('Title of id:a');
    expect(rows).toContain('Title of id:b');
    const version = progress[0]!;
    const { digest, ...body } = receipt;
    expect(body).toEqual({
      before: { documents: 1, versions: 1, points: 2, artifacts: 5, bytes: 13 + 21 + 23 + 24 + 45 },
      after: { documents: 0, versions: 0, points: 0, artifacts: 0, bytes: 0 },
      sharedArtifacts: 0,
      removed: digestOf(`${documentId} ${version.versionId} ${version.versionDigest}`),
    });
    expect(digest).toBe(digestOfJson(body));
    expect(await shelf.deletions.find(tenant, deletionId)).toMatchObject({ state: 'finished', step: 'verify', documents: 1, subject: 'eraser', receipt, unsearchableAt: expect.any(String) as string });
    expect(events.at(-1)).toMatchObject({ type: 'deletion.finished', tenant, deletionId, documents: 1, points: 2 });
    expect(await shelf.library.find(tenant, documentId)).toMatchObject({ versionId: null, title: null, source: null, deletedAt: expect.any(String) as string });
    expect((await shelf.library.list(tenant, { deleted: true }, undefined, 10)).documents.map(({ id }) => id)).toEqual([documentId]);
    const history = await shelf.library.history(tenant, documentId);
    expect(history).toMatchObject({ versions: [], requests: [{ state: 'succeeded', outcome: 'created', subject: 'tester' }], deletions: [{ deletionId, subject: 'eraser' }] });
    for (const { specification } of await shelf.jobs.loadTasks(tenant, history!.requests[0]!.jobId, [0])) expect(() => documentSpecificationSchema.parse(specification)).not.toThrow();
  });

  it('tells in its receipt what else was removed, where it ends a tenant', async () => {
    await shelf.ingest('besides', [{ key: 'id:a', text: 'alpha' }]);
    const { receipt } = await carryOut(shelf, 'besides', { everything: true }, {
      after: async (step, deletionId) => {
        if (step === 'records') for (const objects of [2, 1]) await shelf.deletions.countOthers('besides', deletionId, { objects, bytes: objects * 100 });
      },
    });
    const { digest, ...body } = receipt;
    expect(body.others).toEqual({ objects: 3, bytes: 300 });
    expect(digest).toBe(digestOfJson(body));
  });

  it('keeps what another document has the very same content of, until that goes too', async () => {
    const { progress } = await shelf.ingest('shared', four);
    const [first, second] = [documentIdOf('shared', 'id:same-1'), documentIdOf('shared', 'id:same-2')];
    const { receipt } = await carryOut(shelf, 'shared', { documents: [first] }, { times: 2 });
    // Text, chunks and vectors are one each; raw bytes and manifest are the document's own.
    expect(receipt.sharedArtifacts).toBe(3);
    const { text, raw } = progress[3] as ParsedArtifact;
    expect(Buffer.from((await shelf.artifacts.getAll('shared', [text]))[0]!).toString()).toBe('text of the very same');
    expect((await carryOut(shelf, 'shared', { documents: [second] })).receipt.sharedArtifacts).toBe(0);
    expect(await bytesOf('shared')).not.toContain('the very same');
    await expect(shelf.artifacts.getAll('shared', [raw])).rejects.toMatchObject({ code: 'ARTIFACT_NOT_FOUND' });
  });

  it('erases what two documents of one deletion share, and what a replaced version had', async () => {
    await shelf.ingest('both', four);
    await shelf.ingest('both', [{ key: 'id:a', text: 'alpha changed' }]);
    const { receipt } = await carryOut(shelf, 'both', { documents: ['id:same-1', 'id:same-2', 'id:a'].map((key) => documentIdOf('both', key)) }, { times: 2 });
    expect(receipt).toMatchObject({ before: { documents: 3, versions: 4, points: 6 }, sharedArtifacts: 0 });
    const left = await bytesOf('both');
    expect(left).not.toContain('the very same');
    expect(left).not.toContain('alpha');
    expect(left).toContain('beta content');
  });

  it('erases two documents of one pack at once by two deletions', async () => {
    await shelf.ingest('race', four);
    const receipts = await Promise.all(['id:a', 'id:b', 'id:same-1', 'id:same-2'].map((key) => carryOut(shelf, 'race', { documents: [documentIdOf('race', key)] })));
    expect(receipts.map(({ receipt }) => receipt.after.points)).toEqual([0, 0, 0, 0]);
    expect((await shelf.artifacts.listObjects('race', undefined, 100)).objects).toEqual([]);
  });

  it('takes attachments with their document', async () => {
    await shelf.ingest('family', [{ key: 'id:mail', text: 'mail' }, { key: 'id:file', text: 'file', parentKey: 'id:mail' }, { key: 'id:inner', text: 'inner', parentKey: 'id:file' }, { key: 'id:other', text: 'other' }]);
    expect(await shelf.documents.listDetached('family', documentIdOf('family', 'id:mail'), [])).toEqual([documentIdOf('family', 'id:file')]);
    expect(await shelf.documents.listDetached('family', documentIdOf('family', 'id:mail'), [documentIdOf('family', 'id:file')])).toEqual([]);
    const { receipt } = await carryOut(shelf, 'family', { documents: [documentIdOf('family', 'id:mail')] });
    expect(receipt.before.documents).toBe(3);
    expect((await shelf.library.list('family', {}, undefined, 10)).documents.map(({ title }) => title)).toEqual(['Title of id:other']);
  });

  it('knows what it was asked for: unknown documents and sources are refused, the same deletion again is the same', async () => {
    const request = { documents: [documentIdOf('asked', 'id:none')] };
    const deletion = { id: newIdentifier(), workflowId: 'w', request, reason: 'request' as const };
    await expect(shelf.deletions.accept({ tenant: 'asked', subject: 's' }, deletion)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await expect(shelf.deletions.accept({ tenant: 'asked', subject: 's' }, { ...deletion, request: { sourceId: newIdentifier() } })).rejects.toMatchObject({ code: 'NOT_FOUND' });
    expect(await shelf.deletions.find('asked', deletion.id)).toBeUndefined();
    await shelf.ingest('asked', [{ key: 'id:none', text: 'some' }]);
    const first = await shelf.deletions.accept({ tenant: 'asked', subject: 's' }, deletion);
    expect(await shelf.deletions.accept({ tenant: 'asked', subject: 'another' }, deletion)).toEqual(first);
    expect(await shelf.deletions.list('asked', undefined, 10)).toEqual({ deletions: [first], next: null });
    expect(await shelf.deletions.find('other', deletion.id)).toBeUndefined();
    const { rows } = await shelf.database.withoutTenant((kysely) => sql`select kind, workflow_id from work_outbox where id = ${deletion.id}`.execute(kysely));
    expect(rows).toEqual([{ kind: 'deletion', workflow_id: 'w' }]);
  });

  it('deletes a source’s documents, those that failed or wait included', async () => {
    const sourceId = newIdentifier();
    await shelf.ingest('sourced', [{ key: 'id:of', text: 'of the source', sourceId }, { key: 'id:own', text: 'own' }]);
    await shelf.accept('sourced', [{ key: 'id:waits', text: 'waits', sourceId }]);
    await shelf.database.withTenant('sourced', (transaction) => transaction.insertInto('sources').values({ tenant: 'sourced', id: sourceId, request: '{}' }).execute());
    const { receipt, deletionId } = await carryOut(shelf, 'sourced', { sourceId });
    expect(receipt.before).toMatchObject({ documents: 1, points: 2 });
    expect(await shelf.deletions.find('sourced', deletionId)).toMatchObject({ documents: 2 });
    expect(await bytesOf('sourced')).not.toMatch(/waits|source/);
    expect((await carryOut(shelf, 'sourced', { sourceId })).receipt.before.documents).toBe(0);
  });
});

describe('deleting while documents are ingested', () => {
  it.each<['accept' | 'acquire' | 'make' | 'write', boolean]>([['accept', true], ['acquire', true], ['make', true], ['write', false]])('after %s the document does not come back', async (reached, ends) => {
    const tenant = `during-${reached}`;
    const ingestion = await shelf.accept(tenant, [{ key: 'id:one', text: 'late secret' }, { key: 'id:two', text: 'stays' }]);
    const steps = ['acquire', 'make', 'write'] as const;
    for (const step of steps.slice(0, ['accept', ...steps].indexOf(reached))) await shelf[step](tenant, ingestion);
    const { receipt } = await carryOut(shelf, tenant, { documents: [documentIdOf(tenant, 'id:one')] });
    expect(receipt.after.points).toBe(0);
    const [one] = (await shelf.jobs.listDocuments({ tenant, policies: 'all' }, ingestion.jobId, {}, undefined, 1))!.documents;
    expect(one).toMatchObject(ends ? { state: 'succeeded', outcome: 'superseded' } : { state: 'running', stage: 'upsert' });
    if (ends) expect((await shelf.jobs.listEvents(tenant, ingestion.jobId, undefined, 100)).at(-1)).toMatchObject({ index: 0, state: 'succeeded', outcome: 'superseded' });
    if (!ends) expect((await shelf.publish(tenant, ingestion)).map(({ decision }) => decision)).toEqual(['superseded', 'created']);
    expect(await shelf.index.countDocuments(tenant, [{ documentId: documentIdOf(tenant, 'id:one'), sequence: 1e9 }])).toBe(0);
    expect(await bytesOf(tenant)).not.toContain('late secret');
    expect(await rowsOf(tenant)).not.toMatch(/Title of id:one|secret.txt.*id:one/);
    expect(await shelf.library.find(tenant, documentIdOf(tenant, 'id:one'))).toMatchObject({ versionId: null });
  });

  it('an earlier request is superseded, a later one creates the document again, with the same pack of bytes', async () => {
    await shelf.ingest('again', four);
    const before = await shelf.accept('again', [{ key: 'id:a', text: 'alpha content' }]);
    const documentId = documentIdOf('again', 'id:a');
    const { receipt } = await carryOut(shelf, 'again', { documents: [documentId, documentIdOf('again', 'id:b')] });
    expect(receipt.before.documents).toBe(2);
    expect(await shelf.documents.confirmUnchanged('again', [{ documentId, versionDigest: digestOf(digestOf('alpha content'), documentId), sequence: 1e9 }])).toEqual([]);
    expect((await shelf.jobs.listDocuments({ tenant: 'again', policies: 'all' }, before.jobId, {}, undefined, 1))!.documents[0]).toMatchObject({ outcome: 'superseded' });
    const later = await shelf.ingest('again', four);
    expect((await shelf.jobs.listDocuments({ tenant: 'again', policies: 'all' }, later.jobId, {}, undefined, 10))!.documents.map(({ outcome }) => outcome)).toEqual(['created', 'created', 'updated', 'updated']);
    for (const progress of later.progress) await shelf.artifacts.getAll('again', referencesOf(progress!));
    expect(await shelf.library.find('again', documentId)).toMatchObject({ deletedAt: null, title: 'Title of id:a', versionId: later.progress[0]!.versionId });
    const again = await shelf.accept('again', [{ key: 'id:a', text: 'alpha content' }]);
    expect(await shelf.documents.confirmUnchanged('again', [{ documentId, versionDigest: later.progress[0]!.versionDigest, sequence: again.sequences[0]! }])).toHaveLength(1);
  });

  it('erases also what a superseded request had made', async () => {
    const older = await shelf.accept('overtaken', [{ key: 'id:a', text: 'older secret' }]);
    await shelf.acquire('overtaken', older);
    await shelf.make('overtaken', older);
    await shelf.ingest('overtaken', [{ key: 'id:a', text: 'newer secret' }]);
    await shelf.write('overtaken', older);
    expect((await shelf.publish('overtaken', older))[0]?.decision).toBe('superseded');
    await carryOut(shelf, 'overtaken', { documents: [documentIdOf('overtaken', 'id:a')] });
    expect((await shelf.artifacts.listObjects('overtaken', undefined, 100)).objects).toEqual([]);
    expect((await shelf.outputs.find('overtaken', [digestOf('text', older.progress[0]!.raw.digest)])).size).toBe(0);
  });

  it.each<DeletionStepName>(['begin', 'hide', 'vectors', 'artifacts', 'records', 'finish'])('a document that is ingested again after %s stays whole', async (moment) => {
    const tenant = `again-${moment}`;
    await shelf.ingest(tenant, four);
    const { receipt } = await carryOut(shelf, tenant, { documents: [documentIdOf(tenant, 'id:a')] }, {
      times: 2,
      after: async (step) => {
        if (step === moment) await shelf.ingest(tenant, [{ key: 'id:a', text: 'alpha content' }]);
      },
    });
    expect(receipt).toMatchObject({ after: { points: 0, versions: 0 } });
    const version = await shelf.library.findVersion(tenant, documentIdOf(tenant, 'id:a'), undefined);
    expect(version?.artifacts.map(({ kind }) => kind)).toEqual(['raw', 'text', 'chunks', 'vectors', 'manifest']);
    expect(await shelf.artifacts.getAll(tenant, version!.artifacts)).toHaveLength(5);
    expect(await shown(tenant)).toBe(8);
  });
});

describe('deleting everything', () => {
  it.each([1, 2])('leaves nothing of the tenant in S3 and no content in Postgres; each step %d times', async (times) => {
    const tenant = `everything-${times}`;
    await shelf.ingest(tenant, four);
    await shelf.ingest(`${tenant}-b`, four);
    await shelf.accept(tenant, [{ key: 'id:waits', text: 'alpha waits' }]);
    const sources = createSourceRegistry(shelf.database);
    await sources.create(tenant, newIdentifier(), sourceRequestSchema.parse({ name: 'alpha', definition: { type: 'feed', url: 'https://example.org/feed' } }));
    const upload = newIdentifier();
    const [reference] = await shelf.artifacts.putAll(tenant, 'raw', [entry('uploaded alpha')]);
    await shelf.uploads.record(tenant, { id: upload, fileName: 'secret alpha.pdf', mediaType: 'application/pdf', bytes: 1, digest: reference!.digest, createdAt: new Date().toISOString(), reference: reference! });
    await shelf.artifacts.putAll(tenant, 'part', [entry('an orphan of alpha')]);
    const { receipt } = await carryOut(shelf, tenant, { everything: true }, { times });
    expect(receipt.before).toMatchObject({ documents: 4, versions: 4, points: 8 });
    expect((await shelf.artifacts.listObjects(tenant, undefined, 10)).objects).toEqual([]);
    expect(await rowsOf(tenant)).not.toMatch(/alpha|Title|id:/);
    expect((await sources.list(tenant, undefined, 10)).sources).toEqual([]);
    expect(await shown(tenant)).toBe(0);
    expect(await shown(`${tenant}-b`)).toBe(8);
    expect((await shelf.artifacts.listObjects(`${tenant}-b`, undefined, 100)).objects).not.toEqual([]);
  });

  it('spares what requests accepted afterwards use', async () => {
    await shelf.ingest('spared', four);
    let kept: Awaited<ReturnType<Shelf['accept']>> | undefined;
    await carryOut(shelf, 'spared', { everything: true }, {
      after: async (step) => {
        // The same bytes as before: the same objects.
        if (step === 'begin') kept = await shelf.accept('spared', four);
      },
    });
    expect((await shelf.artifacts.listObjects('spared', undefined, 100)).objects).toHaveLength(1);
    await shelf.acquire('spared', kept!);
    await shelf.make('spared', kept!);
    await shelf.write('spared', kept!);
    expect((await shelf.publish('spared', kept!)).map(({ decision }) => decision)).toEqual(['created', 'created', 'created', 'created']);
  });
});
