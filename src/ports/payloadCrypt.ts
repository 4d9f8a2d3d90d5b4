/** A payload of Temporal: what it is, and its bytes. */
export interface EncodedPayload {
  readonly metadata?: Readonly<Record<string, Uint8Array>> | null;
  readonly data?: Uint8Array | null;
}

/** Encrypts and decrypts payloads of workflows outside of them, for those who look at them or send some by hand. */
export interface PayloadCrypt {
  /** Payloads that are not encrypted come back as they are. Throws PAYLOAD_UNREADABLE, PAYLOAD_KEY_UNKNOWN. */
  decode(payloads: readonly EncodedPayload[]): EncodedPayload[];
  /** For no tenant in particular; as they are where encryption is off. */
  encode(payloads: readonly EncodedPayload[]): EncodedPayload[];
}
