import type { Digest } from '../contracts/identifiers.ts';

/** An answer as it was given, so that it can be given again. */
export interface KeptAnswer {
  readonly status: number;
  readonly contentType: string | null;
  readonly location: string | null;
  /** null: it held a secret, and is not kept. */
  readonly body: string | null;
}

/** One request that carries a key, of one caller. */
export interface KeyedRequest {
  /** Names caller, route and key. */
  readonly key: Digest;
  /** Of what was sent. */
  readonly fingerprint: Digest;
  /** This very try. */
  readonly holder: string;
}

export type Claim =
  /** The request is this try's to carry out; `seed` is the same for all tries of it. */
  | { readonly state: 'claimed'; readonly seed: string }
  | { readonly state: 'inWork' }
  | { readonly state: 'differs' }
  | { readonly state: 'answered'; readonly answer: KeptAnswer };

/** Requests that carry a key, and the answers they got; each is kept for 24 hours. */
export interface IdempotencyRegistry {
  /** Claims the request for a while, unless another try has it or it is answered. */
  claim(tenant: string, request: KeyedRequest): Promise<Claim>;
  /** Holds the claim for a while longer. */
  renew(tenant: string, request: KeyedRequest): Promise<void>;
  keep(tenant: string, request: KeyedRequest, answer: KeptAnswer): Promise<void>;
  /** Gives the claim up. `forget`: nothing was done, and the key is free for anything; else the same request alone may take it up, under the same seed. */
  release(tenant: string, request: KeyedRequest, how: { readonly forget: boolean }): Promise<void>;
}
