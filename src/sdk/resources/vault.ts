import { revealResponseSchema } from '../../contracts/vault.ts';
import type { RevealResponse } from '../../contracts/vault.ts';
import type { CallOptions, Calls } from '../calls.ts';

/** Redacted personal data that can be brought back. */
export class VaultResource {
  private readonly calls: Calls;

  constructor(calls: Calls) {
    this.calls = calls;
  }

  /** What marks stand for, by the names behind their "#"; at most 100. Told in the audit log. */
  reveal(names: readonly string[], options: CallOptions = {}): Promise<RevealResponse> {
    return this.calls.send('POST', '/v1/vault/reveal', { names }, revealResponseSchema, options);
  }
}
