import type { AcquiredDocument } from '../../contracts/ingestion.ts';
import type { Embedder } from '../../ports/embedder.ts';
import type { ActivityDependencies } from '../dependencies.ts';

export type TokenVectorsChoice = Pick<AcquiredDocument, 'tokenVectors'>;

/**
 * What a tenant wants of the deployment's token vectors at this moment. Asked once for all documents of a call and not kept:
 * what is sent after a change goes by the change. Where the deployment keeps none there is nothing to ask.
 */
export async function chooseTokenVectors({ embedder, searchSettings }: Pick<ActivityDependencies, 'embedder' | 'searchSettings'>, tenant: string): Promise<TokenVectorsChoice> {
  if (embedder.tokenVectors === undefined) return {};
  const { tokenVectors } = await searchSettings.read(tenant);
  return tokenVectors === 'off' ? { tokenVectors } : {};
}

/** The embedder as it is to be used for such documents. */
export function embedderFor(embedder: Embedder, { tokenVectors }: TokenVectorsChoice): Embedder {
  if (tokenVectors !== 'off') return embedder;
  const { tokenVectors: _notWanted, ...plain } = embedder;
  return plain;
}
