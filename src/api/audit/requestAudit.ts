import type { Digest } from '../../contracts/identifiers.ts';

/** What is known, while a request runs, of what the log is to say of it. */
export interface RequestAudit {
  readonly id: string;
  readonly operation: string;
  /** Of the JSON body, after decompression. */
  bodyDigest: Digest | undefined;
  isBegun: boolean;
  /** Another tenant whose log tells of it too. */
  alsoIn: string | undefined;
}
