import { sql } from 'kysely';
import type { Kysely } from 'kysely';
import { CatalystError } from '../../../contracts/errors.ts';
import type { Generation } from '../../../contracts/generations.ts';
import type { GenerationRegistry, NewGeneration } from '../../../ports/generationRegistry.ts';
import { awake } from '../awake.ts';
import type { Database } from '../database.ts';
import type { Schema } from '../schema.ts';
import { forgetBefore } from './forgetBefore.ts';
import { toDecision, toGeneration } from './generationRows.ts';
import type { GenerationRow } from './generationRows.ts';
import { followRetiring, keepDocumentsStill, switchGeneration } from './switchGeneration.ts';
import { createVersionParts } from './versionParts.ts';
import { createVisibleDocuments } from './visibleDocuments.ts';

export function createGenerationRegistry(database: Database): GenerationRegistry {
  return { ...createVisibleDocuments(database), ...createVersionParts(database), ...createStates(database), ...createSwitching(database), ...createFollowing(database), ...createDecisions(database) };
}

type States = Pick<GenerationRegistry, 'list' | 'find' | 'adopt' | 'begin' | 'readCursor' | 'writeCursor' | 'allowTokens' | 'spendTokens' | 'listTenants' | 'markReady' | 'markAbandoned' | 'markDropped'>;

function createStates(database: Database): States {
  const find = async (id: string): Promise<Generation | undefined> => (await database.withoutTenant((kysely) => readGenerations(kysely, id)))[0];
  const make = async (generation: NewGeneration, state: 'serving' | 'building'): Promise<Generation> => {
    await database.withoutTenant((kysely) => insertGeneration(kysely, generation, state));
    return (await find(generation.id)) as Generation;
  };
  return {
    find,
    list: () => database.withoutTenant((kysely) => readGenerations(kysely)),
    adopt: (generation) => make(generation, 'serving'),
    begin: (generation) => make(generation, 'building'),
    async readCursor(id) {
      const row = await database.withoutTenant((kysely) => kysely.selectFrom('index_generations').select('cursor').where('id', '=', id).executeTakeFirst());
      return row?.cursor ?? undefined;
    },
    async writeCursor(id, cursor, documents) {
      await database.withoutTenant((kysely) => kysely.updateTable('index_generations').set({ cursor: JSON.stringify(cursor), filled_documents: sql`filled_documents + ${documents}` }).where('id', '=', id).execute());
    },
    async allowTokens(id, maximumTokens) {
      await database.withoutTenant((kysely) => kysely.updateTable('index_generations').set({ maximum_tokens: String(maximumTokens) }).where('id', '=', id).execute());
    },
    async spendTokens(id, tokens) {
      const { numUpdatedRows } = await database.withoutTenant((kysely) =>
        kysely
          .updateTable('index_generations')
          .set({ tokens: sql`tokens + ${tokens}` })
          .where('id', '=', id)
          .where(sql<boolean>`(state not in ('building', 'ready') or maximum_tokens is null or tokens + ${tokens} <= maximum_tokens)`)
          .executeTakeFirst(),
      );
      if (numUpdatedRows === 0n) throw new CatalystError('REINDEX_BUDGET_EXHAUSTED', `The generation ${id} may not ask the model for ${tokens} tokens more.`);
    },
    async listTenants() {
      return (await database.withoutTenant((kysely) => kysely.selectFrom('tenants').select('tenant').orderBy(sql`tenant collate "C"`).execute())).map(({ tenant }) => tenant);
    },
    async markReady(id, { documents, points, digest }) {
      await database.withoutTenant((kysely) =>
        kysely.updateTable('index_generations').set({ state: sql`case state when 'building' then 'ready' else state end`, documents: String(documents), points: String(points), digest }).where('id', '=', id).execute(),
      );
    },
    async markAbandoned(id, failure) {
      await database.withoutTenant((kysely) => kysely.updateTable('index_generations').set({ state: 'abandoned', follows: false, failure: JSON.stringify(failure) }).where('id', '=', id).where('state', 'in', ['building', 'ready']).execute());
      await database.withoutTenant((kysely) => kysely.deleteFrom('index_changes').where('generation', '=', id).execute());
    },
    async markDropped(id) {
      const { numUpdatedRows } = await database.withoutTenant((kysely) => kysely.updateTable('index_generations').set({ state: 'dropped', follows: false, dropped_at: sql`now()` }).where('id', '=', id).where('state', 'in', ['retired', 'abandoned']).executeTakeFirst());
      if (numUpdatedRows === 0n) return false;
      await database.withoutTenant((kysely) => kysely.deleteFrom('index_changes').where('generation', '=', id).execute());
      return true;
    },
  };
}

type Switching = Pick<GenerationRegistry, 'switchTo' | 'recordRecall' | 'listReturning' | 'beginRemoval' | 'endRemoval'>;

function createSwitching(database: Database): Switching {
  return {
    async switchTo(id, tenant, dropAfter, swap) {
      await inTransaction(database, (transaction) => followRetiring(transaction, { id, tenant, dropAfter }));
      await inTransaction(database, (transaction) => switchGeneration(transaction, { id, tenant, dropAfter }, () => awake(transaction, swap)));
    },
    async recordRecall(id, recall) {
      await database.withoutTenant((kysely) => kysely.updateTable('index_generations').set({ recall: JSON.stringify(recall) }).where('id', '=', id).execute());
    },
    async listReturning(id) {
      const row = await database.withoutTenant((kysely) => kysely.selectFrom('index_generations').select('takes_back').where('id', '=', id).executeTakeFirst());
      return row?.takes_back ?? [];
    },
    async beginRemoval(id, tenant) {
      const { rows } = await database.withoutTenant((kysely) =>
        sql`
          update index_generations set excluded = array_append(array_remove(excluded, ${tenant}), ${tenant})
          where id = ${id} and tenant is null and jsonb_exists(departures, ${tenant}) and exists (select from index_generations own where own.tenant = ${tenant} and own.state = 'serving')
          returning id`.execute(kysely),
      );
      if (rows.length === 0) await database.withoutTenant((kysely) => sql`update index_generations set departures = departures - ${tenant}::text where id = ${id} and tenant is null`.execute(kysely));
      return rows.length > 0;
    },
    async endRemoval(id, tenant, points) {
      await inTransaction(database, async (transaction) => {
        await sql`update index_generations set departures = departures - ${tenant}::text where id = ${id}`.execute(transaction);
        await transaction.deleteFrom('index_changes').where('generation', '=', id).where('tenant', '=', tenant).execute();
        // Dead weight of the shared generation, whoever's they were.
        if (points > 0) await transaction.insertInto('index_removals').values({ tenant: null, points: String(points) }).execute();
      });
    },
  };
}

type Following = Pick<GenerationRegistry, 'follow' | 'listChanges' | 'removeChanges' | 'countRemoved'>;

function createFollowing(database: Database): Following {
  return {
    follow: (id) =>
      inTransaction(database, async (transaction) => {
        await keepDocumentsStill(transaction);
        const { numUpdatedRows } = await transaction.updateTable('index_generations').set({ follows: true }).where('id', '=', id).executeTakeFirst();
        if (numUpdatedRows === 0n) throw new CatalystError('NOT_FOUND', `There is no generation ${id}.`);
      }),
    async listChanges(id, limit) {
      const rows = await database.withoutTenant((kysely) => kysely.selectFrom('index_changes').selectAll().where('generation', '=', id).orderBy('number').limit(limit).execute());
      return rows.map(({ tenant, document_id: documentId, number }) => ({ tenant, documentId, number }));
    },
    async removeChanges(id, changes) {
      if (changes.length === 0) return;
      await database.withoutTenant((kysely) =>
        sql`
          delete from index_changes using jsonb_to_recordset(${JSON.stringify(changes)}::jsonb) as done (tenant text, "documentId" uuid, number bigint)
          where generation = ${id} and index_changes.tenant = done.tenant and document_id = done."documentId" and index_changes.number = done.number`.execute(kysely),
      );
    },
    async countRemoved(since, { tenant, excluded }) {
      const held = tenant === null ? sql<boolean>`(tenant is null or tenant <> all (${[...excluded]}::text[]))` : sql<boolean>`tenant = ${tenant}`;
      const row = await database.withoutTenant((kysely) => kysely.selectFrom('index_removals').select(({ fn }) => fn.sum('points').as('points')).where('at', '>', since).where(held).executeTakeFirst());
      return Number(row?.points ?? 0);
    },
  };
}

function createDecisions(database: Database): Pick<GenerationRegistry, 'recordDecision' | 'listDecisions' | 'forgetBefore'> {
  return {
    forgetBefore: (moment) => database.withoutTenant((kysely) => forgetBefore(kysely, moment)),
    async recordDecision({ because, statistics, stillMs, report, ...decision }) {
      await database.withoutTenant((kysely) =>
        kysely
          .insertInto('index_decisions')
          .values({ ...decision, still_ms: stillMs, because: JSON.stringify(because), report: report === null ? null : JSON.stringify(report), statistics: statistics === null ? null : JSON.stringify(statistics) })
          .execute(),
      );
    },
    async listDecisions(limit) {
      const rows = await database.withoutTenant((kysely) => kysely.selectFrom('index_decisions').selectAll().orderBy('id', 'desc').limit(limit).execute());
      return rows.map(toDecision);
    },
  };
}

function inTransaction(database: Database, work: Parameters<ReturnType<Kysely<Schema>['transaction']>['execute']>[0]): Promise<void> {
  return database.withoutTenant(async (kysely) => {
    await kysely.transaction().execute(work);
  });
}

async function readGenerations(kysely: Kysely<Schema>, id?: string): Promise<Generation[]> {
  const { rows } = await sql<GenerationRow>`
    select index_generations.*, (select count(*) from index_changes where generation = index_generations.id) as pending
    from index_generations ${id === undefined ? sql`` : sql`where id = ${id}`} order by state = 'dropped', created_at desc, id limit 200`.execute(kysely);
  return rows.map(toGeneration);
}

async function insertGeneration(kysely: Kysely<Schema>, { id, reason, contract, recut = null, settings, maximumTokens, tenant = null, excluded = [], takesBack = [] }: NewGeneration, state: 'serving' | 'building'): Promise<void> {
  await kysely
    .insertInto('index_generations')
    .values({ id, state, reason, contract: JSON.stringify(contract), recut: recut === null ? null : JSON.stringify(recut), settings: JSON.stringify(settings), maximum_tokens: maximumTokens === undefined ? null : String(maximumTokens), tenant, excluded: [...excluded], takes_back: [...takesBack], served_from: state === 'serving' ? new Date() : null })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}
