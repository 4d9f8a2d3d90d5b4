import { startFullStack } from '../support/fullStack.ts';
import type { FullStack } from '../support/fullStack.ts';

const fuzzTenant = 'fuzz';

/** Of the platform, so that requests about tenants get past their scopes; it cannot lock itself out. */
export function fuzzToken(stack: FullStack): Promise<string> {
  return stack.tokenFor(fuzzTenant, { roles: ['platform-admin'] });
}

/**
 * The API over real servers, without a worker: what is made up is accepted and never carried out. Pages are read by a Firecrawl that is not
 * there, so that no made-up address is called.
 */
export function startFuzzStack(log?: (line: string) => void): Promise<FullStack> {
  return startFullStack({ FIRECRAWL_API_URL: 'http://127.0.0.1:9', FIRECRAWL_API_KEY: 'fc-fuzz', CATALYST_PLATFORM_TENANT: fuzzTenant }, { services: ['temporal', 'postgres', 's3', 'qdrant', 'model', 'api'], ...(log === undefined ? {} : { log }) });
}
