import { createHash } from 'node:crypto';
import type { AuditChainPage, AuditHead, AuditLink } from './audit.ts';

export interface AuditFault {
  /** Where in the chain; null: of the chain as a whole. */
  readonly sequence: number | null;
  readonly kind: 'changed' | 'unlinked' | 'missing' | 'misplaced' | 'head' | 'anchor';
  readonly detail: string;
}

export interface AuditVerification {
  readonly tenant: string | null;
  readonly entries: number;
  /** To be kept elsewhere: a later verification that expects it also finds a chain that was made anew as a whole. */
  readonly head: AuditHead | null;
  readonly faults: readonly AuditFault[];
}

/** After so many there is nothing more to learn. */
const mostFaults = 100;

/** The hash of an entry, as the database makes it. */
export function auditHashOf(tenant: string, { sequence, content, previousHash }: Omit<AuditLink, 'hash'>): string {
  return createHash('sha256').update([previousHash, tenant, String(sequence), content].join('\n')).digest('hex');
}

/**
 * Walks a whole chain from its first entry. Finds entries that were changed, removed (the last ones included), inserted or put elsewhere;
 * with `anchor`, a head that was seen before, also a chain that was made anew with hashes that fit.
 */
export async function verifyAuditChain(pages: AsyncIterable<AuditChainPage>, anchor?: AuditHead): Promise<AuditVerification> {
  const faults: AuditFault[] = [];
  let last: AuditHead = { sequence: 0, hash: '' };
  let final: AuditChainPage | undefined;
  let isAnchored = anchor === undefined;
  let entries = 0;
  for await (const page of pages) {
    final = page;
    for (const link of page.links) {
      faults.push(...faultsOf(page.tenant, link, last));
      if (link.sequence === anchor?.sequence && link.hash === anchor.hash) isAnchored = true;
      last = { sequence: link.sequence, hash: link.hash };
      entries += 1;
    }
    if (faults.length >= mostFaults) break;
  }
  if (final?.next === null) faults.push(...headFaults(final.head, last));
  if (!isAnchored && faults.length < mostFaults) faults.push({ sequence: anchor?.sequence ?? null, kind: 'anchor', detail: `The chain does not hold the entry ${anchor?.sequence} with the hash ${anchor?.hash}, which it once had.` });
  return { tenant: final?.tenant ?? null, entries, head: final?.head ?? null, faults: faults.slice(0, mostFaults) };
}

function faultsOf(tenant: string, link: AuditLink, previous: AuditHead): AuditFault[] {
  const { sequence } = link;
  return [
    ...(sequence === previous.sequence + 1 ? [] : [placeFault(sequence, previous.sequence + 1)]),
    ...(link.previousHash === previous.hash ? [] : [{ sequence, kind: 'unlinked' as const, detail: 'It does not follow the entry before it: something was removed, inserted, changed or put elsewhere there.' }]),
    ...(auditHashOf(tenant, link) === link.hash ? [] : [{ sequence, kind: 'changed' as const, detail: 'Its content or place does not fit its hash.' }]),
  ];
}

function placeFault(sequence: number, expected: number): AuditFault {
  return sequence > expected
    ? { sequence: expected, kind: 'missing', detail: sequence === expected + 1 ? 'It is missing.' : `It and all up to ${sequence - 1} are missing.` }
    : { sequence, kind: 'misplaced', detail: `It stands where ${expected} should.` };
}

function headFaults(head: AuditHead | null, last: AuditHead): AuditFault[] {
  if (head === null ? last.sequence === 0 : head.sequence === last.sequence && head.hash === last.hash) return [];
  const expected = head === null ? 'there is none' : `it is ${head.sequence} ${head.hash}`;
  return [{ sequence: null, kind: 'head', detail: `The last entry is ${last.sequence}, but by the head of the chain ${expected}: entries at the end were removed, changed or added.` }];
}
