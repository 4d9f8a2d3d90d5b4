import { z } from 'zod';
import type { HealthCheck } from '../../ports/healthCheck.ts';
import { checkContract } from './generation.ts';
import type { QdrantIndexOptions } from './options.ts';
import type { Placements } from './placements.ts';
import { checkPlacements } from './preparePlacements.ts';
import type { RestClient } from './restClient.ts';

const rootSchema = z.object({ version: z.string() }).catch({ version: 'of unknown version' });

/** Healthy means: the server answers, the alias leads to vectors of the configured contract, and no tenant has moved that this process looks for where it was. */
export function createHealthCheck(client: RestClient, options: QdrantIndexOptions, placements: Placements): HealthCheck {
  return {
    name: 'qdrant',
    async check(signal) {
      const root = client.answer({ operation: 'read the version', method: 'GET', path: '/', signal });
      const [answer] = await Promise.all([root, checkContract(client, options, options.alias, signal), checkPlacements(client, placements, signal)]);
      return `Qdrant ${rootSchema.parse(answer).version}`;
    },
  };
}
