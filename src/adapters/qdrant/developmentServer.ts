import { createHash } from 'node:crypto';
import { z } from 'zod';
import { CatalystError } from '../../contracts/errors.ts';
import type { RestClient } from './restClient.ts';

/** By this the development server of the local stack (infra/local/qdrant) can be told from a real one. */
const developmentCommit = createHash('sha1').update('development server over qdrant-edge-py').digest('hex');

const rootSchema = z.object({ commit: z.string().optional() }).catch({});

/** Throws CONFIGURATION_INVALID where the address leads to the development server, which searches exactly and is one process. */
export async function refuseDevelopmentServer(client: RestClient): Promise<void> {
  const root = rootSchema.parse(await client.answer({ operation: 'read the version', method: 'GET', path: '/' }));
  if (root.commit !== developmentCommit) return;
  throw new CatalystError('CONFIGURATION_INVALID', 'QDRANT_URL leads to the development server of the local stack, which production refuses. Set it to a real Qdrant.');
}
