import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createIndexEpoch } from '../../../src/adapters/postgres/epochs/indexEpoch.ts';
import { raiseIndexEpoch, raiseSettingsEpoch } from '../../../src/adapters/postgres/epochs/raiseIndexEpoch.ts';
import { openDatabase } from '../../../src/adapters/postgres/database.ts';
import type { Database } from '../../../src/adapters/postgres/database.ts';
import { documentIdOf } from '../../../src/contracts/identifiers.ts';
import type { WrittenDocument } from '../../../src/contracts/ingestion.ts';
import type { PublishRequest } from '../../../src/ports/documentRegistry.ts';
import { carryOut } from './carryOut.ts';
import { openShelf } from './shelf.ts';
import type { Ingestion, Shelf } from './shelf.ts';

let shelf: Shelf;
beforeAll(async () => {
  shelf = await openShelf();
}, 600_000);
afterAll(() => shelf.close());

const read = async (tenant: string): Promise<string> => (await createIndexEpoch(shelf.database).read(tenant)).epoch;

describe('the epoch of a tenant’s index', () => {
  it('begins at 0 and belongs to its tenant, also for the database', async () => {
    expect(await read('epoch-a')).toBe('0');
    await shelf.database.withTenant('epoch-a', (transaction) => raiseIndexEpoch(transaction, 'epoch-a'));
    expect(await read('epoch-a')).toBe('1');
    expect(await read('epoch-b')).toBe('0');
    await expect(shelf.database.withTenant('epoch-b', (transaction) => raiseIndexEpoch(transaction, 'epoch-a'))).rejects.toThrow(/row-level security/);
    const none = await shelf.database.withoutTenant((kysely) => sql`select * from index_epochs`.execute(kysely));
    expect(none.rows).toEqual([]);
    // The function that reads leaves no tenant behind on the connection.
    const left = await shelf.database.withoutTenant((kysely) =>
      kysely.connection().execute(async (connection) => {
        await sql`select * from read_index_state('epoch-a')`.execute(connection);
        return (await sql`select * from index_epochs`.execute(connection)).rows;
      }),
    );
    expect(left).toEqual([]);
  });

  it('is raised by the commit, and not by a transaction that fails', async () => {
    const reader = createIndexEpoch(shelf.database);
    await shelf.database.withTenant('epoch-c', async (transaction) => {
      await raiseIndexEpoch(transaction, 'epoch-c');
      expect((await reader.read('epoch-c')).epoch).toBe('0');
    });
    expect((await reader.read('epoch-c')).epoch).toBe('1');
    const failing = shelf.database.withTenant('epoch-c', async (transaction) => {
      await raiseIndexEpoch(transaction, 'epoch-c');
      throw new Error('after it');
    });
    await expect(failing).rejects.toThrow('after it');
    expect((await reader.read('epoch-c')).epoch).toBe('1');
  });

  it('tells since when the settings are what they are, which nothing else moves', async () => {
    const state = (): Promise<object> => createIndexEpoch(shelf.database).read('epoch-s');
    const raise = (how: typeof raiseIndexEpoch): Promise<void> => shelf.database.withTenant('epoch-s', (transaction) => how(transaction, 'epoch-s'));
    const seen = [await state()];
    for (const how of [raiseSettingsEpoch, raiseIndexEpoch, raiseIndexEpoch, raiseSettingsEpoch]) {
      await raise(how);
      seen.push(await state());
    }
    expect(seen).toEqual([['0', '0'], ['1', '1'], ['2', '1'], ['3', '1'], ['4', '4']].map(([epoch, settings]) => ({ epoch, settings })));
  });

  it('is raised by each publication after the index was switched, also of a superseded request', async () => {
    const tenant = 'epoch-d';
    const seen: string[] = [];
    const late = await shelf.accept(tenant, [{ key: 'id:a', text: 'first' }]);
    await shelf.acquire(tenant, late);
    await shelf.make(tenant, late);
    await shelf.write(tenant, late);
    seen.push(await read(tenant));
    await shelf.ingest(tenant, [{ key: 'id:a', text: 'second' }]);
    seen.push(await read(tenant));
    expect((await shelf.publish(tenant, late)).map(({ decision }) => decision)).toEqual(['superseded']);
    seen.push(await read(tenant));
    expect(seen).toEqual(['0', '1', '2']);
  });

  it('stays as it was while the index is switched, and where the process dies before the commit', async () => {
    const tenant = 'epoch-e';
    const ingestion = await shelf.accept(tenant, [{ key: 'id:a', text: 'first' }]);
    await shelf.acquire(tenant, ingestion);
    await shelf.make(tenant, ingestion);
    await shelf.write(tenant, ingestion);
    const before = await read(tenant);
    const cutOff = shelf.documents.publish(tenant, [requestOf(tenant, ingestion)], async () => {
      expect(await read(tenant)).toBe(before);
      throw new Error('killed');
    });
    await expect(cutOff).rejects.toThrow();
    expect(await read(tenant)).toBe(before);
    await shelf.publish(tenant, ingestion);
    expect(await read(tenant)).toBe(String(Number(before) + 1));
  });

  it('is raised once the documents of a deletion are hidden, before that is told', async () => {
    const tenant = 'epoch-f';
    await shelf.ingest(tenant, [{ key: 'id:a', text: 'alpha' }, { key: 'id:b', text: 'beta' }]);
    const before = Number(await read(tenant));
    const seen = new Map<string, number>();
    await carryOut(shelf, tenant, { documents: [documentIdOf(tenant, 'id:a')] }, { times: 2, after: async (step) => void seen.set(step, Number(await read(tenant))) });
    expect(seen.get('hide')).toBeGreaterThan(before);
  });

  it('takes no longer than a moment where Postgres cannot be reached', async () => {
    const nobody = openDatabase({ url: 'postgres://nobody:x@127.0.0.1:1/none', poolSize: 2 });
    await expect(createIndexEpoch(nobody).read('epoch-g')).rejects.toMatchObject({ code: 'REGISTRY_UNAVAILABLE' });
    await nobody.close();
  });

  it('many that ask at once cost few statements', async () => {
    let statements = 0;
    const counting: Database = {
      ...shelf.database,
      withoutTenant: (work) => {
        statements += 1;
        return shelf.database.withoutTenant(work);
      },
    };
    const reader = createIndexEpoch(counting);
    const states = await Promise.all(Array.from({ length: 500 }, () => reader.read('epoch-a')));
    expect(new Set(states.map(({ epoch }) => epoch))).toEqual(new Set(['1']));
    expect(statements).toBe(2);
  });
});

function requestOf(tenant: string, { jobId, specifications, progress }: Ingestion): PublishRequest {
  const { versionId, versionDigest, sequence, raw, text, chunks, vectors, manifest } = progress[0] as WrittenDocument;
  const { sourceKey, source } = specifications[0]!;
  return {
    documentId: documentIdOf(tenant, sourceKey), versionId, versionDigest, sequence, jobId, chunks: 2, pages: null, title: '', sourceKey, source, sourceId: null, parentId: null, policies: [],
    tokens: 1, fetched: null, artifacts: { raw, text, chunks, vectors, manifest },
  };
}
