import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openDatabase } from '../../../src/adapters/postgres/database.ts';
import { createIndexEpoch } from '../../../src/adapters/postgres/epochs/indexEpoch.ts';
import { createSearchSettingsRegistry } from '../../../src/adapters/postgres/settings/searchSettingsRegistry.ts';
import { createSynonymRegistry } from '../../../src/adapters/postgres/settings/synonymRegistry.ts';
import { createTenantSearchSettings } from '../../../src/retrieval/tenantSettings/tenantSearchSettings.ts';
import { startTestDatabase } from '../../support/postgres.ts';

type TestDatabase = Awaited<ReturnType<typeof startTestDatabase>>;

let started: TestDatabase;
beforeAll(async () => {
  started = await startTestDatabase();
}, 600_000);
afterAll(() => started.close());

const registry = () => createSearchSettingsRegistry(started.database);
const state = (tenant: string) => createIndexEpoch(started.database).read(tenant);

describe('search settings in Postgres', () => {
  it('each change raises epoch and mark with its commit; a refused one leaves all as it was', async () => {
    expect(await state('mark-a')).toEqual({ epoch: '0', settings: '0' });
    await registry().write('mark-a', { termWeights: { car: 2 } });
    expect(await state('mark-a')).toEqual({ epoch: '1', settings: '1' });
    await expect(registry().write('mark-a', { termWeights: { car: 3 }, revision: 7 })).rejects.toMatchObject({ code: 'CONFLICT' });
    expect(await state('mark-a')).toEqual({ epoch: '1', settings: '1' });
    expect(await registry().read('mark-a')).toEqual({ termWeights: { car: 2 }, revision: 1 });
    await registry().remove('mark-a');
    expect(await state('mark-a')).toEqual({ epoch: '2', settings: '2' });
    await createSynonymRegistry(started.database).write('mark-a', { groups: [['car', 'automobile']], rules: [] });
    expect(await state('mark-a')).toEqual({ epoch: '3', settings: '3' });
    expect(await state('mark-b')).toEqual({ epoch: '0', settings: '0' });
  });

  it('of two changes of the same revision at once one is refused', async () => {
    await registry().write('race', {});
    const outcomes = await Promise.allSettled(Array.from({ length: 8 }, (_, number) => registry().write('race', { termWeights: { car: number / 2 }, revision: 1 })));
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [(outcome.reason as { code: string }).code] : []))).toEqual(Array.from({ length: 7 }, () => 'CONFLICT'));
    expect((await registry().read('race')).revision).toBe(2);
  });

  it('without a revision the last change counts, and each has a revision of its own', async () => {
    const revisions = await Promise.all(Array.from({ length: 8 }, async () => (await registry().write('many', {})).revision));
    expect(revisions.toSorted()).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  });

  it('what a later release added is left out', async () => {
    await registry().write('later', { boosts: { titleMatch: 0.1 } });
    await started.database.withTenant('later', (transaction) => sql`update search_settings set settings = settings || '{"colour": "blue"}'`.execute(transaction));
    expect(await registry().read('later')).toEqual({ boosts: { titleMatch: 0.1 }, revision: 1 });
  });

  it('a process that has learned the mark goes by nothing older, whoever made the change', async () => {
    const [here, elsewhere] = [createTenantSearchSettings(registry()), createTenantSearchSettings(registry())];
    const caller = { tenant: 'two', subject: 'someone', roles: [], policies: [] };
    const seen: unknown[] = [];
    for (let number = 1; number <= 5; number += 1) {
      await elsewhere.write('two', { boosts: { titleMatch: number / 10 } });
      here.asOf('two', (await state('two')).settings);
      seen.push((await here.known(caller)).value);
    }
    expect(seen).toEqual([1, 2, 3, 4, 5].map((number) => ({ boosts: { titleMatch: number / 10 }, revision: number })));
  });

  it('are unavailable where Postgres is', async () => {
    const nobody = openDatabase({ url: 'postgres://nobody:x@127.0.0.1:1/none', poolSize: 2 });
    const away = createSearchSettingsRegistry(nobody);
    await expect(away.read('acme')).rejects.toMatchObject({ code: 'REGISTRY_UNAVAILABLE' });
    await expect(away.write('acme', {})).rejects.toMatchObject({ code: 'REGISTRY_UNAVAILABLE' });
    await nobody.close();
  });
});
