import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { beginSweep } from '../../../src/activities/sweep/beginSweep.ts';
import { finishSweep } from '../../../src/activities/sweep/finishSweep.ts';
import { sweepPage } from '../../../src/activities/sweep/sweepPage.ts';
import { createTenantRegistry } from '../../../src/adapters/postgres/tenants/tenantRegistry.ts';
import { createSweepRegistry } from '../../../src/adapters/postgres/sweeps/sweepRegistry.ts';
import type { DomainEvent } from '../../../src/contracts/events.ts';
import { digestOf, newIdentifier } from '../../../src/contracts/identifiers.ts';
import type { WrittenDocument } from '../../../src/contracts/ingestion.ts';
import { tenantPolicySchema } from '../../../src/contracts/tenants.ts';
import { retentionPolicySchema } from '../../../src/contracts/sweeps.ts';
import type { SweepReport } from '../../../src/contracts/sweeps.ts';
import type { ArtifactStore } from '../../../src/ports/artifactStore.ts';
import type { SweepRegistry } from '../../../src/ports/sweepRegistry.ts';
import { carryOut, context } from './carryOut.ts';
import { entry, openShelf, referencesOf } from './shelf.ts';
import type { Shelf } from './shelf.ts';

let shelf: Shelf;
beforeAll(async () => {
  shelf = await openShelf();
}, 600_000);
afterAll(() => shelf.close());

/** The registry as it will judge in so many days. */
const inDays = (days: number): SweepRegistry => createSweepRegistry(shelf.database, { now: () => new Date(Date.now() + days * 86_400_000) });

async function sweep(tenant: string, sweeps: SweepRegistry, dryRun: boolean, { times = 1, artifacts = shelf.artifacts }: { times?: number; artifacts?: ArtifactStore } = {}): Promise<SweepReport & { event: DomainEvent }> {
  const sweepId = newIdentifier();
  const scope = { tenant, sweepId };
  const events: DomainEvent[] = [];
  const dependencies = { sweeps, artifacts, index: shelf.index, emit: (event: DomainEvent) => void events.push(event) };
  await sweeps.accept({ tenant, subject: 'sweeper' }, { id: sweepId, workflowId: `sweep/${tenant}/${sweepId}`, dryRun });
  await beginSweep(dependencies, scope);
  let cursor: string | null = null;
  for (let page = 0; page === 0 || cursor !== null; page += 1) {
    const at: string | null = cursor;
    for (let time = 0; time < times; time += 1) ({ next: cursor } = await sweepPage(dependencies, scope, at, page, context));
  }
  const report = await finishSweep(dependencies, scope, context);
  expect(await finishSweep(dependencies, scope, context)).toEqual(report);
  expect(await sweeps.find(tenant, sweepId)).toMatchObject({ state: 'finished', dryRun, report, subject: 'sweeper' });
  return { ...report!, event: events[0]! };
}

const objectsOf = async (tenant: string): Promise<string[]> => (await shelf.artifacts.listObjects(tenant, undefined, 1000)).objects.map(({ uri }) => uri).sort();
const none = { objects: 0, bytes: 0 };

describe('sweeping', () => {
  it('takes nothing that is needed, however old', async () => {
    const { progress } = await shelf.ingest('needed', [{ key: 'id:a', text: 'alpha' }, { key: 'id:b', text: 'beta' }]);
    await shelf.accept('needed', [{ key: 'id:waits', text: 'waits' }]);
    const before = await objectsOf('needed');
    const report = await sweep('needed', inDays(10_000), false);
    expect(report).toMatchObject({ looked: { objects: before.length }, orphans: none, replacedVersions: none, uploads: none, erasedRanges: 0, examples: [] });
    expect(await objectsOf('needed')).toEqual(before);
    expect(await shelf.artifacts.getAll('needed', progress.flatMap((one) => referencesOf(one!)))).toHaveLength(10);
    // The outputs of what is visible are forgotten with time, their bytes stay.
    expect(await shelf.outputs.find('needed', [digestOf('text', progress[0]!.raw.digest)])).toHaveProperty('size', 1);
  });

  it.each([1, 2])('removes orphans, uploads and replaced versions by their own times; a dry run reports the same and removes nothing; each page %d times', async (times) => {
    const tenant = `ages-${times}`;
    const old = await shelf.ingest(tenant, [{ key: 'id:a', text: 'alpha before' }]);
    await shelf.ingest(tenant, [{ key: 'id:a', text: 'alpha now' }]);
    const [orphan] = await shelf.artifacts.putAll(tenant, 'vectors', [entry('left behind')]);
    const [uploaded] = await shelf.artifacts.putAll(tenant, 'raw', [entry('uploaded, never used')]);
    const uploadId = newIdentifier();
    await shelf.uploads.record(tenant, { id: uploadId, fileName: 'a', mediaType: 'a', bytes: 1, digest: uploaded!.digest, createdAt: '', reference: uploaded! });
    await inDays(0).writeRetention(tenant, retentionPolicySchema.parse({ failedArtifactDays: 5, replacedVersionDays: 20, uploadDays: 10 }));
    const all = await objectsOf(tenant);

    expect(await sweep(tenant, inDays(4), false, { times })).toMatchObject({ orphans: none, replacedVersions: none, uploads: none });
    expect(await objectsOf(tenant)).toEqual(all);

    const expected = { orphans: { objects: 1, bytes: 11 }, replacedVersions: none, uploads: none, examples: [orphan!.uri] };
    expect(await sweep(tenant, inDays(6), true, { times })).toMatchObject(expected);
    expect(await objectsOf(tenant)).toEqual(all);
    const report = await sweep(tenant, inDays(6), false, { times });
    expect(report).toMatchObject(expected);
    expect(report.event).toMatchObject({ type: 'sweep.finished', tenant, dryRun: false, objects: 1, bytes: 11 });
    expect(await objectsOf(tenant)).toEqual(all.filter((uri) => uri !== orphan!.uri));

    expect(await sweep(tenant, inDays(11), false, { times })).toMatchObject({ orphans: none, uploads: { objects: 1 } });
    expect(await shelf.uploads.find(tenant, [uploadId])).toEqual([]);

    expect(await sweep(tenant, inDays(21), false, { times })).toMatchObject({ orphans: none, replacedVersions: { objects: 5 } });
    await expect(shelf.artifacts.getAll(tenant, [old.progress[0]!.raw])).rejects.toMatchObject({ code: 'ARTIFACT_NOT_FOUND' });
    const history = await shelf.library.history(tenant, old.progress[0]!.documentId);
    expect(history?.versions.map(({ artifacts }) => artifacts.length)).toEqual([5, 0]);
    expect(await shelf.artifacts.getAll(tenant, history!.versions[0]!.artifacts)).toHaveLength(5);
  });

  it.each([1, 2])('erases parts of packs whose neighbours stay; each page %d times', async (times) => {
    const tenant = `packs-${times}`;
    const old = await shelf.ingest(tenant, [{ key: 'id:a', text: 'alpha before' }, { key: 'id:b', text: 'beta' }]);
    await shelf.ingest(tenant, [{ key: 'id:a', text: 'alpha now' }]);
    const dry = await sweep(tenant, inDays(40), true);
    const report = await sweep(tenant, inDays(40), false, { times });
    expect(report).toMatchObject({ erasedRanges: 5, replacedVersions: none, orphans: none });
    expect(dry).toMatchObject({ erasedRanges: 5 });
    for (const reference of referencesOf(old.progress[0]!)) await expect(shelf.artifacts.getAll(tenant, [reference])).rejects.toMatchObject({ code: 'ARTIFACT_NOT_FOUND' });
    expect(await shelf.artifacts.getAll(tenant, referencesOf(old.progress[1]!))).toHaveLength(5);
    expect(await sweep(tenant, inDays(40), false)).toMatchObject({ erasedRanges: 0 });
    // What was erased is made anew where it is wanted again.
    const again = await shelf.ingest(tenant, [{ key: 'id:a', text: 'alpha before' }, { key: 'id:b', text: 'beta' }]);
    expect(await shelf.artifacts.getAll(tenant, again.progress.flatMap((one) => referencesOf(one!)))).toHaveLength(10);
  });

  it('goes on where a try was cut off after it had forgotten', async () => {
    const old = await shelf.ingest('cut', [{ key: 'id:a', text: 'alpha before' }, { key: 'id:b', text: 'beta' }]);
    await shelf.ingest('cut', [{ key: 'id:a', text: 'alpha now' }]);
    const sweeps = inDays(40);
    const sweepId = newIdentifier();
    await sweeps.accept({ tenant: 'cut', subject: 's' }, { id: sweepId, workflowId: 'w', dryRun: false });
    const broken: ArtifactStore = { ...shelf.artifacts, erase: () => Promise.reject(new Error('killed')) };
    const step = (artifacts: ArtifactStore) => sweepPage({ sweeps, artifacts, index: shelf.index, emit: () => undefined }, { tenant: 'cut', sweepId }, null, 0, context);
    await expect(step(broken)).rejects.toThrow('killed');
    expect((await shelf.artifacts.getAll('cut', [old.progress[0]!.raw])).length).toBe(1);
    // In between one of the condemned texts is wanted again.
    await shelf.outputs.record('cut', [{ key: digestOf('wanted'), reference: (old.progress[0] as WrittenDocument).text }]);
    await step(shelf.artifacts);
    await expect(shelf.artifacts.getAll('cut', [old.progress[0]!.raw])).rejects.toMatchObject({ code: 'ARTIFACT_NOT_FOUND' });
    expect(await shelf.artifacts.getAll('cut', [(old.progress[0] as WrittenDocument).text])).toHaveLength(1);
  });

  it('keeps what a failed document had come to for its time', async () => {
    const failing = await shelf.accept('failing', [{ key: 'id:a', text: 'alpha' }]);
    await shelf.acquire('failing', failing);
    await shelf.make('failing', failing);
    await shelf.jobs.finishDocuments('failing', failing.jobId, [{ index: 0, state: 'failed', outcome: null, versionId: null, chunks: null, pages: null, lostPages: [], failure: { code: 'INTERNAL', message: 'm', remedy: 'r' } }]);
    expect(await sweep('failing', inDays(6), false)).toMatchObject({ orphans: none });
    expect(await sweep('failing', inDays(8), false)).toMatchObject({ orphans: { objects: 4 } });
    expect((await shelf.jobs.loadTasks('failing', failing.jobId, [0]))[0]?.progress).toBeNull();
  });

  it('never takes what is younger than a day, whatever the policy, and keeps for ever where it says so', async () => {
    const policy = retentionPolicySchema.parse({ failedArtifactDays: 0, replacedVersionDays: 0, uploadDays: 0 });
    await shelf.artifacts.putAll('young', 'vectors', [entry('just stored')]);
    await inDays(0).writeRetention('young', policy);
    expect(await sweep('young', inDays(0.9), false)).toMatchObject({ orphans: none });
    await inDays(0).writeRetention('young', retentionPolicySchema.parse({ failedArtifactDays: null, replacedVersionDays: null, uploadDays: null }));
    expect(await sweep('young', inDays(10_000), false)).toMatchObject({ orphans: none });
    await inDays(0).writeRetention('young', policy);
    const impatient = createSweepRegistry(shelf.database, { now: () => new Date(Date.now() + 1000), minimumAgeMs: 0 });
    expect(await sweep('young', impatient, false)).toMatchObject({ orphans: { objects: 1 } });
  });

  it('keeps nothing longer than the policy of the tenant lets it, whatever was chosen before', async () => {
    await createTenantRegistry(shelf.database).create({ tenant: 'bounded', name: null, policy: tenantPolicySchema.parse({ retention: { failedArtifactDays: 2, uploadDays: 60 } }) }, 'operator');
    expect(await inDays(0).readRetention('bounded')).toMatchObject({ failedArtifactDays: 2, replacedVersionDays: 30, uploadDays: 30 });
    await inDays(0).writeRetention('bounded', retentionPolicySchema.parse({ failedArtifactDays: null, replacedVersionDays: null, uploadDays: null }));
    expect(await inDays(0).readRetention('bounded')).toMatchObject({ failedArtifactDays: 2, replacedVersionDays: null, uploadDays: 60 });
    await shelf.artifacts.putAll('bounded', 'vectors', [entry('left over')]);
    expect(await sweep('bounded', inDays(1.5), false)).toMatchObject({ orphans: none });
    expect(await sweep('bounded', inDays(3), false)).toMatchObject({ orphans: { objects: 1 } });
  });

  it('leaves to a source that is being read what was stored since', async () => {
    const jobId = newIdentifier();
    const source = { sourceId: null, definition: { type: 'feed' as const, url: 'https://example.org', maximumDocuments: 10 }, attributes: { metadata: {}, tags: [], policies: [] }, onMissing: 'keep' as const };
    await shelf.jobs.accept({ tenant: 'reading', subject: 's' }, { jobId, workflowId: 'w', documents: [], source });
    await new Promise((resolve) => setTimeout(resolve, 1100));
    await shelf.artifacts.putAll('reading', 'raw', [entry('fetched ahead')]);
    expect(await sweep('reading', inDays(30), false)).toMatchObject({ orphans: none });
    await shelf.database.withTenant('reading', (transaction) => sql`update jobs set finished_at = now(), discovery_state = 'failed' where id = ${jobId}`.execute(transaction));
    expect(await sweep('reading', inDays(30), false)).toMatchObject({ orphans: { objects: 1 } });
  });

  it('finds what a deletion left to a version that was replaced since', async () => {
    await shelf.ingest('after', [{ key: 'id:a', text: 'the same' }, { key: 'id:b', text: 'the same' }]);
    await carryOut(shelf, 'after', { documents: [(await shelf.library.list('after', {}, undefined, 1)).documents[0]!.id] });
    expect(await sweep('after', inDays(100), false)).toMatchObject({ orphans: none, replacedVersions: none, erasedRanges: 0 });
  });
});

describe('sweeps and policies', () => {
  it('are kept for each tenant', async () => {
    const sweeps = inDays(0);
    expect(await sweeps.readRetention('policies')).toMatchObject(retentionPolicySchema.parse({}));
    await sweeps.writeRetention('policies', retentionPolicySchema.parse({ failedArtifactDays: 1, replacedVersionDays: null, uploadDays: 3 }));
    await sweeps.writeRetention('policies', retentionPolicySchema.parse({ failedArtifactDays: 2, replacedVersionDays: null, uploadDays: 3 }));
    expect(await sweeps.readRetention('policies')).toMatchObject({ failedArtifactDays: 2, replacedVersionDays: null, uploadDays: 3 });
    expect(await sweeps.readRetention('other')).toEqual(retentionPolicySchema.parse({}));
    const ids = [newIdentifier(), newIdentifier(), newIdentifier()];
    for (const id of ids) await sweeps.accept({ tenant: 'policies', subject: 's' }, { id, workflowId: `w/${id}`, dryRun: true });
    expect(await sweeps.accept({ tenant: 'policies', subject: 'x' }, { id: ids[0]!, workflowId: 'y', dryRun: false })).toMatchObject({ dryRun: true, subject: 's', state: 'queued' });
    const page = await sweeps.list('policies', undefined, 2);
    expect(page.sweeps.map(({ id }) => id)).toEqual([ids[2], ids[1]]);
    expect((await sweeps.list('policies', page.next!, 2)).sweeps.map(({ id }) => id)).toEqual([ids[0]]);
    expect(await sweeps.find('other', ids[0]!)).toBeUndefined();
    await shelf.accept('policies', [{ key: 'id:a', text: 'a' }]);
    expect(await sweeps.listTenants()).toContain('policies');
  });
});
