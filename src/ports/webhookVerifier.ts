/** What a provider tells about work that a job of ours has started there. It only wakes who waits for that work: what is true is asked for. */
export interface ProviderEvent {
  readonly tenant: string;
  /** The job of ours. */
  readonly jobId: string;
  /** The provider's own name of the work. */
  readonly providerJobId: string;
  readonly event: 'started' | 'page' | 'completed' | 'failed';
  /** The same for every try to deliver this event, where the provider names it. */
  readonly deliveryId: string | undefined;
}

/** Decides whether a delivery comes from the provider. */
export interface WebhookVerifier {
  /**
   * `rawBody` as it came over the wire, `headers` by lower-case name.
   * Throws UNAUTHENTICATED where nothing proves the sender, INVALID_REQUEST for a proven delivery that is no event of a job.
   */
  verify(rawBody: Uint8Array, headers: Readonly<Record<string, string | readonly string[] | undefined>>): ProviderEvent;
}
