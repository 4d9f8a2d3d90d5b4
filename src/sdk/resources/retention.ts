import type { z } from 'zod';
import { retentionPolicySchema, sweepSchema, sweepsPageSchema } from '../../contracts/sweeps.ts';
import type { RetentionChange, RetentionPolicy, Sweep } from '../../contracts/sweeps.ts';
import { pathOf } from '../calls.ts';
import type { CallOptions, Calls, PageOptions } from '../calls.ts';
import { pollUntil } from '../pollUntil.ts';
import type { PollOptions } from '../pollUntil.ts';

/** How long what is no longer needed is kept, and its removal. */
export class RetentionResource {
  private readonly calls: Calls;

  constructor(calls: Calls) {
    this.calls = calls;
  }

  /** What is in force. */
  get(options: CallOptions = {}): Promise<RetentionPolicy> {
    return this.calls.get('/v1/retention', retentionPolicySchema, options);
  }

  /** What is left out takes its default. */
  set(policy: z.input<typeof retentionPolicySchema>, options: CallOptions = {}): Promise<RetentionPolicy> {
    return this.calls.send('PUT', '/v1/retention', policy, retentionPolicySchema, options);
  }

  /** What is left out stays as it was chosen. Answers what is in force then. */
  change(change: RetentionChange, options: CallOptions = {}): Promise<RetentionPolicy> {
    return this.calls.send('PATCH', '/v1/retention', change, retentionPolicySchema, options);
  }

  /** A dry run, unless told otherwise, only reports what would be removed. */
  sweep(how: { readonly dryRun?: boolean } = {}, options: CallOptions = {}): Promise<Sweep> {
    return this.calls.send('POST', '/v1/sweeps', how, sweepSchema, options, 'byKey');
  }

  getSweep(sweepId: string, options: CallOptions = {}): Promise<Sweep> {
    return this.calls.get(pathOf('sweeps', sweepId), sweepSchema, options);
  }

  /** The sweep, once it has ended; whether it was finished stands in its state. */
  waitForSweep(sweepId: string, options: PollOptions = {}): Promise<Sweep> {
    return pollUntil(() => this.getSweep(sweepId, options), ({ state }) => state === 'finished' || state === 'failed', options);
  }

  listSweeps(options: PageOptions = {}): AsyncGenerator<Sweep, void, undefined> {
    return this.calls.list('/v1/sweeps', {}, sweepsPageSchema, ({ sweeps }) => sweeps, options);
  }
}
