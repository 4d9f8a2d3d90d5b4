import { setTimeout as sleep } from 'node:timers/promises';
import { deletionSchema, deletionsPageSchema } from '../../contracts/deletions.ts';
import type { Deletion, DeletionRequest } from '../../contracts/deletions.ts';
import { pathOf } from '../calls.ts';
import type { CallOptions, Calls, PageOptions } from '../calls.ts';

const pollMs = 500;

/** Deletions with their receipts. */
export class DeletionsResource {
  private readonly calls: Calls;

  constructor(calls: Calls) {
    this.calls = calls;
  }

  /** Documents, all documents of a source, or everything. Deleting twice is no harm: the second finds nothing. */
  create(request: DeletionRequest, options: CallOptions = {}): Promise<Deletion> {
    return this.calls.send('POST', '/v1/deletions', request, deletionSchema, options, 'unlessTaken');
  }

  get(deletionId: string, options: CallOptions = {}): Promise<Deletion> {
    return this.calls.get(pathOf('deletions', deletionId), deletionSchema, options);
  }

  list(options: PageOptions = {}): AsyncGenerator<Deletion, void, undefined> {
    return this.calls.list('/v1/deletions', {}, deletionsPageSchema, ({ deletions }) => deletions, options);
  }

  /** The deletion, once it has ended. */
  async wait(deletionId: string, options: CallOptions = {}): Promise<Deletion> {
    for (;;) {
      const deletion = await this.get(deletionId, options);
      if (deletion.state === 'finished' || deletion.state === 'failed') return deletion;
      await sleep(pollMs, undefined, options.signal === undefined ? {} : { signal: options.signal });
    }
  }
}
