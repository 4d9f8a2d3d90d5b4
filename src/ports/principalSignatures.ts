import type { WorkPrincipal } from '../contracts/workPrincipal.ts';

/** Proves to activities who a workflow acts for: whoever accepts work signs, whoever carries it out verifies. */
export interface PrincipalSignatures {
  /** A text for the header of a workflow; it does not expire, so that work may rest for as long as it likes. */
  sign(principal: WorkPrincipal): Promise<string>;
  /** Whether the key that signs now has signed it, by what it says of itself. */
  isCurrent(text: string): boolean;
  /** Throws PRINCIPAL_REFUSED where the text is none of ours, PRINCIPAL_KEY_UNKNOWN or PAYLOAD_KEY_UNKNOWN where this process does not hold a key. */
  verify(text: string): Promise<WorkPrincipal>;
}
