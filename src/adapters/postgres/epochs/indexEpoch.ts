import { sql } from 'kysely';
import { CatalystError } from '../../../contracts/errors.ts';
import type { IndexEpoch, IndexState } from '../../../ports/indexEpoch.ts';
import type { Database } from '../database.ts';
import { createSharedReads } from './sharedReads.ts';

/** A search that cannot learn the epoch within this time goes past the cache. */
const patienceMs = 250;

/**
 * The epoch of a tenant in Postgres. Why a cached result that carries it is never stale, see publishVersions and docs/decisions/0012:
 * the index is switched before the epoch is raised, and the epoch is raised by the commit that acknowledges the switch.
 */
export function createIndexEpoch(database: Database): IndexEpoch {
  const read = async (tenant: string): Promise<IndexState> => {
    const { rows } = await database.withoutTenant((kysely) => sql<IndexState>`select epoch, settings from read_index_state(${tenant})`.execute(kysely));
    return rows[0] ?? { epoch: '0', settings: '0' };
  };
  const late = (): CatalystError => new CatalystError('REGISTRY_UNAVAILABLE', `Postgres did not tell the epoch of the index within ${patienceMs} ms.`);
  return { read: createSharedReads(read, { patienceMs, late }) };
}
