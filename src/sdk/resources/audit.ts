import { auditChainPageSchema, auditPageSchema } from '../../contracts/audit.ts';
import type { AuditChainPage, AuditFilter, AuditHead, AuditRecord } from '../../contracts/audit.ts';
import { verifyAuditChain } from '../../contracts/auditChain.ts';
import type { AuditVerification } from '../../contracts/auditChain.ts';
import { withQuery } from '../calls.ts';
import type { CallOptions, Calls, PageOptions } from '../calls.ts';

export interface VerifyAuditOptions extends CallOptions {
  /** A head that was seen before, which the chain must still hold. */
  readonly anchor?: AuditHead | undefined;
}

/** Who did what in the tenant. */
export class AuditResource {
  private readonly calls: Calls;

  constructor(calls: Calls) {
    this.calls = calls;
  }

  /** Newest first. */
  list({ signal, pageSize, ...filter }: AuditFilter & PageOptions = {}): AsyncGenerator<AuditRecord, void, undefined> {
    return this.calls.list('/v1/audit', { ...filter }, auditPageSchema, ({ records }) => records, { signal, pageSize });
  }

  /** Reads the whole log and computes its hashes here, so that the answer does not rest on what the API says of itself. */
  verify({ anchor, signal }: VerifyAuditOptions = {}): Promise<AuditVerification> {
    return verifyAuditChain(this.chain({ signal }), anchor);
  }

  private async *chain(options: CallOptions): AsyncGenerator<AuditChainPage, void, undefined> {
    let after: string | null = '0';
    do {
      const page: AuditChainPage = await this.calls.get(withQuery('/v1/audit/chain', { after, limit: '1000' }), auditChainPageSchema, options);
      yield page;
      after = page.next;
    } while (after !== null);
  }
}
