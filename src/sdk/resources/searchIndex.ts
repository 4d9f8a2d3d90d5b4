import type { z } from 'zod';
import { indexChangeSchema, indexOverviewSchema } from '../../contracts/generations.ts';
import type { CompactionRequest, IndexOverview, reindexRequestSchema } from '../../contracts/generations.ts';
import type { CallOptions, Calls } from '../calls.ts';

/** The index as a whole, of all tenants: for those who run the platform. */
export class IndexResource {
  private readonly calls: Calls;

  constructor(calls: Calls) {
    this.calls = calls;
  }

  get(options: CallOptions = {}): Promise<IndexOverview> {
    return this.calls.get('/v1/index', indexOverviewSchema, options);
  }

  /** `force`: although nothing calls for it; `tenant`: only the collection of its own; `takeBack`: tenants that the shared one is to hold again. What became of it stands in the overview's decisions. */
  compact(how: Partial<CompactionRequest> = {}, options: CallOptions = {}): Promise<{ readonly workflowId: string }> {
    return this.calls.send('POST', '/v1/index/compactions', how, indexChangeSchema, options, 'byKey');
  }

  /** To the other embedding model, or with `recut` to the other chunker; without `maximumTokens` nothing is begun, and what it would take stands in the decisions. */
  reindex(request: z.input<typeof reindexRequestSchema> = {}, options: CallOptions = {}): Promise<{ readonly workflowId: string }> {
    return this.calls.send('POST', '/v1/index/reindexes', request, indexChangeSchema, options, 'byKey');
  }

  /** `tenant`: only that of a tenant with a collection of its own. */
  rollBack(of: { readonly tenant?: string } = {}, options: CallOptions = {}): Promise<{ readonly workflowId: string }> {
    return this.calls.send('POST', '/v1/index/rollbacks', of, indexChangeSchema, options, 'byKey');
  }
}
