import type { z } from 'zod';
import { consistencyAuditSchema, consistencyAuditsPageSchema, faultsPageSchema } from '../../contracts/consistency.ts';
import type { ConsistencyAudit, consistencyAuditRequestSchema, Fault } from '../../contracts/consistency.ts';
import { pathOf } from '../calls.ts';
import type { CallOptions, Calls, PageOptions } from '../calls.ts';
import { pollUntil } from '../pollUntil.ts';
import type { PollOptions } from '../pollUntil.ts';

/** Whether registry, artifacts and index say the same, and mending where they do not. */
export class ConsistencyResource {
  private readonly calls: Calls;

  constructor(calls: Calls) {
    this.calls = calls;
  }

  /** A dry run, unless told otherwise, only reports what it finds. */
  audit(how: z.input<typeof consistencyAuditRequestSchema> = {}, options: CallOptions = {}): Promise<ConsistencyAudit> {
    return this.calls.send('POST', '/v1/consistency/audits', how, consistencyAuditSchema, options, 'byKey');
  }

  get(auditId: string, options: CallOptions = {}): Promise<ConsistencyAudit> {
    return this.calls.get(pathOf('consistency', 'audits', auditId), consistencyAuditSchema, options);
  }

  /** The audit, once it has ended. */
  waitFor(auditId: string, options: PollOptions = {}): Promise<ConsistencyAudit> {
    return pollUntil(() => this.get(auditId, options), ({ state }) => state === 'finished' || state === 'failed', options);
  }

  list(options: PageOptions = {}): AsyncGenerator<ConsistencyAudit, void, undefined> {
    return this.calls.list('/v1/consistency/audits', {}, consistencyAuditsPageSchema, ({ audits }) => audits, options);
  }

  listFaults(auditId: string, options: PageOptions = {}): AsyncGenerator<Fault, void, undefined> {
    return this.calls.list(pathOf('consistency', 'audits', auditId, 'faults'), {}, faultsPageSchema, ({ faults }) => faults, options);
  }
}
