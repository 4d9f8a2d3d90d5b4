import { z } from 'zod';
import type { HealthCheck } from '../../ports/healthCheck.ts';
import { checkContract } from './generation.ts';
import type { QdrantIndexOptions } from './options.ts';
import type { RestClient } from './restClient.ts';

const rootSchema = z.object({ version: z.string() }).catch({ version: 'of unknown version' });

/** Healthy means: the server answers, and the alias leads to vectors of the configured contract. */
export function createHealthCheck(client: RestClient, options: QdrantIndexOptions): HealthCheck {
  return {
    name: 'qdrant',
    async check(signal) {
      const root = client.answer({ operation: 'read the version', method: 'GET', path: '/', signal });
      const [answer] = await Promise.all([root, checkContract(client, options, options.alias, signal)]);
      return `Qdrant ${rootSchema.parse(answer).version}`;
    },
  };
}
