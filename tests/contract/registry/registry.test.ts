import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDocumentRegistry } from '../../../src/adapters/postgres/documents/documentRegistry.ts';
import type { Database } from '../../../src/adapters/postgres/database.ts';
import { createPostgresHealthCheck } from '../../../src/adapters/postgres/health.ts';
import { createJobRegistry } from '../../../src/adapters/postgres/jobs/jobRegistry.ts';
import { createStageOutputs } from '../../../src/adapters/postgres/documents/stageOutputs.ts';
import { createUploadRegistry } from '../../../src/adapters/postgres/documents/uploadRegistry.ts';
import { digestOf, documentIdOf, newIdentifier, versionIdOf } from '../../../src/contracts/identifiers.ts';
import type { DocumentResult } from '../../../src/contracts/jobs.ts';
import type { DocumentSpecification } from '../../../src/contracts/specification.ts';
import type { PublishRequest } from '../../../src/ports/documentRegistry.ts';
import { startTestDatabase } from '../../support/postgres.ts';

let database: Database;
let stop: () => Promise<void>;

beforeAll(async () => {
  const started = await startTestDatabase();
  database = started.database;
  stop = () => started.close();
}, 600_000);
afterAll(async () => stop());

const principal = (tenant: string) => ({ tenant, subject: 'tester', roles: [], policies: [] });

function specification(tenant: string, index: number, key = `id:${index}`): DocumentSpecification {
  const digest = digestOf(`text ${index}`);
  return {
    index,
    documentId: documentIdOf(tenant, key),
    sourceKey: key,
    source: { type: 'text', location: key },
    origin: { type: 'stored', reference: { uri: `s3://catalyst/tenants/${tenant}/raw/x`, offset: 0, length: 6, digest, mediaType: 'text/plain' } },
    metadata: {},
    tags: [],
    policies: [],
    bytes: 6,
  };
}

async function acceptJob(tenant: string, documents: number, keyOf?: (index: number) => string): Promise<string> {
  const jobId = newIdentifier();
  const specifications = Array.from({ length: documents }, (_, index) => specification(tenant, index, keyOf?.(index)));
  await createJobRegistry(database).accept(principal(tenant), { jobId, workflowId: `job/${tenant}/${jobId}`, documents: specifications });
  return jobId;
}

const failed = (index: number): DocumentResult => ({
  index, state: 'failed', outcome: null, versionId: null, chunks: null, pages: null, lostPages: [],
  failure: { code: 'EMPTY_DOCUMENT', message: 'The document has no bytes.', remedy: 'Send text.' },
});

describe('tenants', () => {
  it('hides everything of another tenant', async () => {
    const jobs = createJobRegistry(database);
    const jobId = await acceptJob('tenant-a', 2);
    expect(await jobs.find('tenant-b', jobId)).toBeUndefined();
    expect(await jobs.listDocuments({ tenant: 'tenant-b', policies: 'all' }, jobId, {}, undefined, 10)).toBeUndefined();
    expect(await jobs.listEvents('tenant-b', jobId, undefined, 10)).toEqual([]);
    expect(await jobs.loadTasks('tenant-b', jobId, [0])).toEqual([]);
    await jobs.finishDocuments('tenant-b', jobId, [failed(0)]);
    expect((await jobs.find('tenant-a', jobId))?.counts.failed).toBe(0);
    await expect(jobs.finishJob('tenant-b', jobId)).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it('is held by the database itself, whatever a statement says', async () => {
    await acceptJob('tenant-c', 1);
    const rows = await database.withTenant('tenant-d', (transaction) => sql<{ tenant: string }>`select tenant from jobs union all select tenant from job_documents`.execute(transaction));
    expect(rows.rows.filter((row) => row.tenant !== 'tenant-d')).toEqual([]);
    const none = await database.withoutTenant((kysely) => sql`select * from job_documents`.execute(kysely));
    expect(none.rows).toEqual([]);
    await expect(
      database.withTenant('tenant-d', (transaction) => sql`insert into uploads (tenant, id, file_name, media_type, bytes, reference) values ('tenant-c', ${randomUUID()}, 'x', 'x', 1, '{}')`.execute(transaction)),
    ).rejects.toThrow(/row-level security/);
  });

  it('names the server version and refuses no ordinary role', async () => {
    expect(await createPostgresHealthCheck(database).check(new AbortController().signal)).toMatch(/^PostgreSQL \d+/);
  });
});

async function publishRequest(tenant: string, jobId: string, key: string, content: string): Promise<PublishRequest> {
  const [task] = await createJobRegistry(database).loadTasks(tenant, jobId, [0]);
  const documentId = documentIdOf(tenant, key);
  const versionDigest = digestOf(content);
  const sequence = task?.sequence ?? 0;
  const artifact = { uri: 's3://catalyst/m', offset: 0, length: 1, digest: versionDigest, mediaType: 'application/json' };
  return {
    documentId, versionDigest, sequence, jobId, chunks: 1, pages: null, title: 'Title', sourceKey: key,
    source: { type: 'text', location: key }, sourceId: null, parentId: null, policies: [], tokens: 10, fetched: null,
    versionId: versionIdOf(documentId, versionDigest, sequence),
    artifacts: { raw: artifact, text: artifact, chunks: artifact, vectors: artifact, manifest: artifact },
  };
}

describe('documents', () => {
  it('lets only the newest request win, whatever the order of arrival', async () => {
    const documents = createDocumentRegistry(database);
    const older = await publishRequest('documents-a', await acceptJob('documents-a', 1, () => 'id:one'), 'id:one', 'older');
    const newer = await publishRequest('documents-a', await acceptJob('documents-a', 1, () => 'id:one'), 'id:one', 'newer');
    const shown: string[] = [];
    const show = (winners: readonly { versionId: string; replacesEarlier: boolean }[]) => {
      shown.push(...winners.map(({ versionId }) => versionId));
      return Promise.resolve();
    };
    expect(await documents.publish('documents-a', [newer], show)).toEqual([{ documentId: newer.documentId, decision: 'created' }]);
    expect(await documents.publish('documents-a', [older], show)).toEqual([{ documentId: older.documentId, decision: 'superseded' }]);
    expect(await documents.publish('documents-a', [newer], show)).toEqual([{ documentId: newer.documentId, decision: 'created' }]);
    expect(shown).toEqual([newer.versionId, newer.versionId]);
  });

  it('takes turns: a second writer waits until the first has shown its version', async () => {
    const documents = createDocumentRegistry(database);
    const first = await publishRequest('documents-b', await acceptJob('documents-b', 1, () => 'id:one'), 'id:one', 'first');
    const second = await publishRequest('documents-b', await acceptJob('documents-b', 1, () => 'id:one'), 'id:one', 'second');
    const order: string[] = [];
    const slow = documents.publish('documents-b', [first], async () => {
      order.push('first begins');
      await new Promise((resolve) => setTimeout(resolve, 300));
      order.push('first ends');
    });
    await new Promise((resolve) => setTimeout(resolve, 100));
    const quick = documents.publish('documents-b', [second], ([winner]) => {
      order.push('second');
      expect(winner?.replacesEarlier).toBe(true);
      return Promise.resolve();
    });
    await Promise.all([slow, quick]);
    expect(order).toEqual(['first begins', 'first ends', 'second']);
  });

  it('changes nothing when showing fails', async () => {
    const documents = createDocumentRegistry(database);
    const wanted = await publishRequest('documents-c', await acceptJob('documents-c', 1, () => 'id:one'), 'id:one', 'content');
    await expect(documents.publish('documents-c', [wanted], () => Promise.reject(new Error('index down')))).rejects.toThrow('index down');
    expect(await documents.confirmUnchanged('documents-c', [wanted])).toEqual([]);
  });

  it('confirms unchanged content, and an older request cannot replace what a newer one confirmed', async () => {
    const documents = createDocumentRegistry(database);
    const nothing = () => Promise.resolve();
    const original = await publishRequest('documents-d', await acceptJob('documents-d', 1, () => 'id:one'), 'id:one', 'same');
    await documents.publish('documents-d', [original], nothing);
    const between = await publishRequest('documents-d', await acceptJob('documents-d', 1, () => 'id:one'), 'id:one', 'other');
    const newest = await publishRequest('documents-d', await acceptJob('documents-d', 1, () => 'id:one'), 'id:one', 'same');
    expect(await documents.confirmUnchanged('documents-d', [newest])).toEqual([{ documentId: original.documentId, versionId: original.versionId, chunks: 1 }]);
    expect(await documents.publish('documents-d', [between], nothing)).toEqual([{ documentId: original.documentId, decision: 'superseded' }]);
  });
});

describe('versions that are overtaken', () => {
  it('a publication that is repeated after a newer request confirmed its content is not superseded', async () => {
    const documents = createDocumentRegistry(database);
    const { request, publish } = overtaking('overtaken');
    const original = await request('same');
    expect(await publish(original)).toEqual(['created', []]);
    const between = await request('other');
    const newest = await request('same');
    expect(await documents.confirmUnchanged('overtaken', [newest])).toHaveLength(1);
    expect(await publish(original)).toEqual(['created', []]);
    expect(await documents.listSuperseded('overtaken', [original, between])).toEqual([between.versionId]);
    expect(await publish(between)).toEqual(['superseded', [between.versionId]]);
    expect(await documents.listSuperseded('another', [between])).toEqual([]);
    expect(await documents.listSuperseded('overtaken', [])).toEqual([]);
  });

  function overtaking(tenant: string) {
    const documents = createDocumentRegistry(database);
    return {
      request: async (content: string): Promise<PublishRequest> => publishRequest(tenant, await acceptJob(tenant, 1, () => 'id:one'), 'id:one', content),
      publish: async (wanted: PublishRequest): Promise<[string | undefined, string[]]> => {
        let removed: string[] = [];
        const [decision] = await documents.publish(tenant, [wanted], (_winners, superseded) => {
          removed = superseded.map(({ versionId }) => versionId);
          return Promise.resolve();
        });
        return [decision?.decision, removed];
      },
    };
  }
});

describe('stage outputs and uploads', () => {
  it('finds by key within the tenant only, and forgets', async () => {
    const outputs = createStageOutputs(database);
    const key = digestOf('key');
    const reference = { uri: 's3://catalyst/x', offset: 0, length: 1, digest: digestOf('x'), mediaType: 'application/json' };
    await outputs.record('outputs-a', [{ key, reference }]);
    expect((await outputs.find('outputs-a', [key, digestOf('other')])).get(key)).toEqual(reference);
    expect((await outputs.find('outputs-b', [key])).size).toBe(0);
    await outputs.forget('outputs-a', [key]);
    expect((await outputs.find('outputs-a', [key])).size).toBe(0);
  });

  it('keeps uploads of a tenant', async () => {
    const uploads = createUploadRegistry(database);
    const id = newIdentifier();
    const reference = { uri: 's3://catalyst/u', offset: 0, length: 6_000_000_000, digest: digestOf('u'), mediaType: 'application/pdf' };
    await uploads.record('uploads-a', { id, fileName: 'a.pdf', mediaType: 'application/pdf', bytes: 6_000_000_000, digest: reference.digest, createdAt: new Date().toISOString(), reference });
    expect(await uploads.find('uploads-a', [id])).toMatchObject([{ id, bytes: 6_000_000_000, reference }]);
    expect(await uploads.find('uploads-b', [id])).toEqual([]);
  });
});
