/** Tells whoever keeps something of tenants in memory which ones are deleted: what is kept of them is to go, not only to be served no more. */
export interface TenantDepartures {
  /** `forget` must not throw. */
  subscribe(forget: (tenant: string) => void): void;
}
