import { CatalystError } from '../../contracts/errors.ts';
import type { RegisteredSource } from '../../contracts/sources.ts';
import type { ApiDependencies } from '../dependencies.ts';

/** Throws NOT_FOUND, for another tenant's source as for one that never was. */
export async function findSource({ sources }: Pick<ApiDependencies, 'sources'>, tenant: string, sourceId: string): Promise<RegisteredSource> {
  const source = await sources.find(tenant, sourceId);
  if (source === undefined) throw new CatalystError('NOT_FOUND', `There is no source ${sourceId}.`);
  return source;
}
