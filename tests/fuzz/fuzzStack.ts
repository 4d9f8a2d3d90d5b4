import { startFullStack } from '../support/fullStack.ts';
import type { FullStack } from '../support/fullStack.ts';

/**
 * The API over real servers, without a worker: what is made up is accepted and never carried out. Pages are read by a Firecrawl that is not
 * there, so that no made-up address is called.
 */
export function startFuzzStack(log?: (line: string) => void): Promise<FullStack> {
  return startFullStack({ FIRECRAWL_API_URL: 'http://127.0.0.1:9', FIRECRAWL_API_KEY: 'fc-fuzz' }, { services: ['temporal', 'postgres', 's3', 'qdrant', 'model', 'api'], ...(log === undefined ? {} : { log }) });
}
