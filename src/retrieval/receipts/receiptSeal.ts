import { createHmac, timingSafeEqual } from 'node:crypto';
import { CatalystError } from '../../contracts/errors.ts';
import { canonicalJson } from '../../contracts/identifiers.ts';
import type { ReceiptContent, SearchReceipt } from '../../contracts/receipts.ts';

export interface SealingKey {
  readonly id: string;
  /** At least 32 bytes. */
  readonly key: Uint8Array;
}

/** Nothing else that the key signs begins so. */
const purpose = 'catalyst search receipt 1\n';

/** Seals receipts by HMAC-SHA256: the first key seals, all open. */
export interface ReceiptSeal {
  seal(content: ReceiptContent): SearchReceipt;
  /** What was sealed. Throws RECEIPT_REFUSED where it is another tenant's, or not what was sealed, and tells neither from the other. */
  open(tenant: string, receipt: SearchReceipt): ReceiptContent;
}

export function createReceiptSeal(keys: readonly SealingKey[]): ReceiptSeal {
  const [first] = keys;
  if (first === undefined) throw new CatalystError('CONFIGURATION_INVALID', 'There is no key to seal receipts with.');
  const known = new Map(keys.map(({ id, key }) => [id, key]));
  return {
    seal: (content) => ({ ...content, key: first.id, seal: sealOf(first.key, first.id, content).toString('hex') }),

    open(tenant, { key: id, seal, ...content }) {
      const key = known.get(id);
      if (key === undefined) throw refused('it names a key that this service does not hold');
      const expected = sealOf(key, id, content);
      const given = Buffer.from(seal, 'hex');
      if (given.length !== expected.length || !timingSafeEqual(given, expected) || content.tenant !== tenant) throw refused('it is not what was sealed for this tenant');
      return content;
    },
  };
}

/** Numbers are written by their shortest decimals, which are read as the same bits. */
function sealOf(key: Uint8Array, id: string, content: ReceiptContent): Buffer {
  return createHmac('sha256', key).update(purpose).update(canonicalJson({ ...content, key: id })).digest();
}

function refused(why: string): CatalystError {
  return new CatalystError('RECEIPT_REFUSED', `The receipt cannot be used: ${why}.`);
}
