import { createHash } from 'node:crypto';

const width = 8;

/**
 * A set of texts that fits into a cursor: 64 bits of each one's digest. Two of a million texts share them with a probability of one in
 * forty million; then the second would count as known.
 */
export class AddressSet {
  readonly #members: Set<string>;

  constructor(packed: string) {
    const bytes = Buffer.from(packed, 'base64');
    this.#members = new Set(Array.from({ length: bytes.length / width }, (_none, at) => bytes.subarray(at * width, (at + 1) * width).toString('base64')));
  }

  get size(): number {
    return this.#members.size;
  }

  has(text: string): boolean {
    return this.#members.has(memberOf(text));
  }

  /** Whether it was new. */
  add(text: string): boolean {
    const member = memberOf(text);
    if (this.#members.has(member)) return false;
    this.#members.add(member);
    return true;
  }

  pack(): string {
    return Buffer.concat([...this.#members].map((member) => Buffer.from(member, 'base64'))).toString('base64');
  }
}

const memberOf = (text: string): string => createHash('sha256').update(text).digest().subarray(0, width).toString('base64');
