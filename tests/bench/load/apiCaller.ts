import { Pool } from 'undici';
import type { SearchRequest, SearchResponse } from '../../../src/contracts/search.ts';
import type { FullStack } from '../../support/fullStack.ts';

export interface Answer {
  readonly status: number;
  readonly retryAfter: string | undefined;
  /** Undefined unless the status is 200. */
  readonly body: SearchResponse | undefined;
}

/** Sends searches over kept connections, and reads the answers as a client would. */
export interface ApiCaller {
  search(request: Partial<SearchRequest> & { readonly query: string }): Promise<Answer>;
  close(): Promise<void>;
}

/** `connections`: most at once; who comes beyond waits for one, which counts as time of the answer. */
export async function createApiCaller(stack: FullStack, tenant: string, connections: number): Promise<ApiCaller> {
  const pool = new Pool(stack.apiUrl, { connections, headersTimeout: 30_000, bodyTimeout: 30_000 });
  const headers = { authorization: `Bearer ${await stack.tokenFor(tenant)}`, 'content-type': 'application/json' };
  const search: ApiCaller['search'] = async (request) => {
    const { statusCode, headers: answered, body } = await pool.request({ method: 'POST', path: '/v1/search', headers, body: JSON.stringify(request) });
    const text = await body.text();
    const retryAfter = answered['retry-after'];
    return { status: statusCode, retryAfter: Array.isArray(retryAfter) ? retryAfter[0] : retryAfter, body: statusCode === 200 ? (JSON.parse(text) as SearchResponse) : undefined };
  };
  return {
    search,
    close: () => pool.destroy(),
  };
}
