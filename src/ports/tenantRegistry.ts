import type { ChangeTenantRequest, CreateTenantRequest, TenantAccount, TenantPolicy, TenantsPage, TenantState } from '../contracts/tenants.ts';

export interface TenantStanding {
  readonly tenant: string;
  readonly state: TenantState;
  readonly policy: TenantPolicy;
}

/** Standings that changed, and from when on to ask the next time. */
export interface StandingChanges {
  readonly standings: readonly TenantStanding[];
  readonly asOf: string;
}

/** What is done to a tenant, with the jobs whose workflows are to be told. */
export interface TenantChange {
  readonly account: TenantAccount;
  readonly jobs: readonly string[];
}

/** All tenants, for operators of the platform. Throws REGISTRY_UNAVAILABLE. */
export interface TenantRegistry {
  /** Throws CONFLICT where there is one of this name, or was. */
  create(request: CreateTenantRequest, by: string): Promise<TenantAccount>;
  /** Also of one that nobody created, as long as it has ingested something. */
  find(tenant: string): Promise<TenantAccount | undefined>;
  /** By name. */
  list(cursor: string | undefined, limit: number): Promise<TenantsPage>;
  /** The ones below throw NOT_FOUND where there is no such tenant, CONFLICT where its state does not allow it. */
  change(tenant: string, request: ChangeTenantRequest, by: string): Promise<TenantAccount>;
  /** In one transaction: no job is accepted any more, and those in work are paused. Done again it changes nothing. */
  suspend(tenant: string, reason: string, by: string): Promise<TenantChange>;
  /** Jobs that the suspension paused go on. */
  resume(tenant: string): Promise<TenantChange>;
  /** In one transaction: no job is accepted any more, those in work are cancelled, and the deletion of everything is accepted. Done again: the same deletion. */
  beginDeletion(tenant: string, deletion: { readonly id: string; readonly workflowId: string }, by: string): Promise<TenantChange>;
  /** Standings of created tenants that changed since then; all without it. */
  standings(since: string | undefined): Promise<StandingChanges>;
}
