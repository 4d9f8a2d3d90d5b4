import { deletionSchema, deletionsPageSchema } from '../../contracts/deletions.ts';
import type { Deletion, DeletionRequest } from '../../contracts/deletions.ts';
import { pathOf } from '../calls.ts';
import type { CallOptions, Calls, PageOptions } from '../calls.ts';
import { pollUntil } from '../pollUntil.ts';
import type { PollOptions } from '../pollUntil.ts';

/** Deletions with their receipts. */
export class DeletionsResource {
  private readonly calls: Calls;

  constructor(calls: Calls) {
    this.calls = calls;
  }

  /** Documents, all documents of a source, or everything. Deleting twice is no harm: the second finds nothing. */
  create(request: DeletionRequest, options: CallOptions = {}): Promise<Deletion> {
    return this.calls.send('POST', '/v1/deletions', request, deletionSchema, options, 'byKey');
  }

  get(deletionId: string, options: CallOptions = {}): Promise<Deletion> {
    return this.calls.get(pathOf('deletions', deletionId), deletionSchema, options);
  }

  list(options: PageOptions = {}): AsyncGenerator<Deletion, void, undefined> {
    return this.calls.list('/v1/deletions', {}, deletionsPageSchema, ({ deletions }) => deletions, options);
  }

  /** The deletion, once it has ended; whether it was finished stands in its state. */
  wait(deletionId: string, options: PollOptions = {}): Promise<Deletion> {
    return pollUntil(() => this.get(deletionId, options), ({ state }) => state === 'finished' || state === 'failed', options);
  }
}
