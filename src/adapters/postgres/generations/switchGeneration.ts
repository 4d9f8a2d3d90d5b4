import { sql } from 'kysely';
import type { Selectable, Transaction } from 'kysely';
import { CatalystError } from '../../../contracts/errors.ts';
import type { Schema } from '../schema.ts';
import type { GenerationTables } from './generationTables.ts';

/** Writers of documents end within a second or two; who waits longer holds up those who come after. */
const patience = '3s';

/**
 * Waits until all who write documents have ended, and lets no other begin before the commit; readers go on. A publication writes the index
 * within its transaction, after its first write of the table: it is done as a whole before, or begins after.
 */
export async function keepDocumentsStill(transaction: Transaction<Schema>): Promise<void> {
  await sql.raw(`set local lock_timeout = '${patience}'`).execute(transaction);
  await sql`lock table documents in share mode`.execute(transaction);
}

type Row = Pick<Selectable<GenerationTables['index_generations']>, 'id' | 'state' | 'tenant' | 'excluded' | 'takes_back' | 'departures'>;

export interface Switch {
  readonly id: string;
  /** Whose alias moves; null: that of all who have none of their own. */
  readonly tenant: string | null;
  readonly dropAfter: Date;
}

/** In a transaction of its own, committed before the alias moves: from here on what will be retired misses no change, wherever the switch is cut off. */
export async function followRetiring(transaction: Transaction<Schema>, { id, tenant, dropAfter }: Switch): Promise<void> {
  const target = await readRow(transaction, id);
  if (target?.state === 'serving' && target.tenant === tenant) return;
  const serving = await readServing(transaction);
  const own = serving.find((row) => row.tenant === tenant && row.id !== id);
  if (own !== undefined) await transaction.updateTable('index_generations').set({ follows: true }).where('id', '=', own.id).execute();
  else if (tenant !== null && target?.tenant === tenant) await depart(transaction, serving, tenant, dropAfter);
  for (const row of serving.filter((each) => each.tenant !== null && target?.takes_back.includes(each.tenant))) await transaction.updateTable('index_generations').set({ follows: true }).where('id', '=', row.id).execute();
}

/** Under `keepDocumentsStill`; `swap` has the alias lead to the generation. What was done is found done. */
export async function switchGeneration(transaction: Transaction<Schema>, change: Switch, swap: () => Promise<void>): Promise<void> {
  await keepDocumentsStill(transaction);
  const target = await readRow(transaction, change.id);
  const serving = await readServing(transaction);
  if (change.tenant !== null && target?.tenant === null) await returnToShared(transaction, change, target, serving, swap);
  else await replaceServing(transaction, change, target, serving, swap);
}

/** A generation takes the place of the one of its own placement, or that of the shared one for its tenant. */
async function replaceServing(transaction: Transaction<Schema>, { id, tenant, dropAfter }: Switch, target: Row | undefined, serving: readonly Row[], swap: () => Promise<void>): Promise<void> {
  if (target?.state === 'serving') return;
  if (target?.state !== 'ready' && target?.state !== 'retired') throw new CatalystError('CONFLICT', `The generation ${id} is ${target?.state ?? 'unknown'}; only one that is ready or retired can serve.`);
  if (target.tenant !== tenant) throw new CatalystError('CONFLICT', `The generation ${id} is ${target.tenant === null ? 'that of all tenants' : `that of ${target.tenant}`}.`);
  const away = serving.flatMap((row) => (row.tenant === null ? [] : [row.tenant]));
  const homeless = target.excluded.filter((name) => !away.includes(name));
  if (homeless.length > 0) throw new CatalystError('CONFLICT', `The generation ${id} does not hold the points of ${homeless.join(', ')}, who came back since it was filled. Roll back each of them first, or compact.`);
  await swap();
  const retired = serving.filter((row) => row.tenant === tenant || (row.tenant !== null && target.takes_back.includes(row.tenant)));
  for (const row of retired) await retire(transaction, row.id, dropAfter);
  if (tenant !== null && retired.length === 0) await depart(transaction, serving, tenant, dropAfter);
  // Who is served elsewhere and is held here nevertheless is followed until the points are removed.
  const held = tenant === null ? away.filter((name) => !target.excluded.includes(name) && !target.takes_back.includes(name)) : [];
  const departures = Object.fromEntries(held.map((name) => [name, dropAfter.toISOString()]));
  await transaction
    .updateTable('index_generations')
    .set({ state: 'serving', served_from: sql`now()`, retired_at: null, drop_after: null, follows: false, takes_back: [], departures: JSON.stringify(departures) })
    .where('id', '=', id)
    .execute();
  await transaction.deleteFrom('index_changes').where('generation', '=', id).where('tenant', 'not in', [...held, '']).execute();
}

/** A tenant that has moved is served by the shared generation again, which holds its points still. */
async function returnToShared(transaction: Transaction<Schema>, { id, tenant, dropAfter }: Switch, target: Row, serving: readonly Row[], swap: () => Promise<void>): Promise<void> {
  const own = serving.find((row) => row.tenant === tenant);
  if (own === undefined) return;
  const name = own.tenant ?? '';
  if (target.state !== 'serving' || target.excluded.includes(name) || !Object.hasOwn(target.departures, name)) throw new CatalystError('CONFLICT', `The generation ${id} does not hold the points of ${name} any more.`);
  await swap();
  await retire(transaction, own.id, dropAfter);
  await sql`update index_generations set departures = departures - ${name}::text where id = ${id}`.execute(transaction);
  await transaction.deleteFrom('index_changes').where('generation', '=', id).where('tenant', '=', name).execute();
}

async function retire(transaction: Transaction<Schema>, id: string, dropAfter: Date): Promise<void> {
  await transaction.updateTable('index_generations').set({ state: 'retired', retired_at: sql`now()`, drop_after: dropAfter, follows: true }).where('id', '=', id).execute();
}

async function depart(transaction: Transaction<Schema>, serving: readonly Row[], tenant: string, dropAfter: Date): Promise<void> {
  const shared = serving.find((row) => row.tenant === null);
  if (shared === undefined || shared.excluded.includes(tenant)) return;
  await sql`update index_generations set departures = departures || jsonb_build_object(${tenant}::text, ${dropAfter.toISOString()}::text) where id = ${shared.id}`.execute(transaction);
}

async function readRow(transaction: Transaction<Schema>, id: string): Promise<Row | undefined> {
  return transaction.selectFrom('index_generations').select(['id', 'state', 'tenant', 'excluded', 'takes_back', 'departures']).where('id', '=', id).forUpdate().executeTakeFirst();
}

async function readServing(transaction: Transaction<Schema>): Promise<Row[]> {
  return transaction.selectFrom('index_generations').select(['id', 'state', 'tenant', 'excluded', 'takes_back', 'departures']).where('state', '=', 'serving').orderBy('id').forUpdate().execute();
}
