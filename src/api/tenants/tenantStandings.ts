import { CatalystError, toCatalystError } from '../../contracts/errors.ts';
import type { EventSink } from '../../contracts/events.ts';
import type { Principal } from '../../contracts/principal.ts';
import { openPolicy } from '../../contracts/tenants.ts';
import type { TenantPolicy } from '../../contracts/tenants.ts';
import type { TenantRegistry, TenantStanding } from '../../ports/tenantRegistry.ts';
import { limitPrincipal } from './limitPrincipal.ts';

/** How tenants stand, in memory: a request costs no round trip for it. */
export interface TenantStandings {
  /** The caller as its tenant lets it act. Throws TENANT_SUSPENDED, TENANT_DELETED, and where tenants have to be created TENANT_UNKNOWN. */
  admit(principal: Principal): Principal;
  policyOf(tenant: string): TenantPolicy;
  /** Reads all, then what changes, until it is stopped. Rejects where the first reading fails. */
  start(): Promise<void>;
  stop(): Promise<void>;
}

export interface StandingsOptions {
  readonly registry: Pick<TenantRegistry, 'standings'>;
  readonly emit: EventSink;
  /** auto: tenants too that nobody created; else the platform's own besides. */
  readonly served: 'auto' | 'created';
  readonly platform?: string | undefined;
  /** Told of each tenant that is deleted while this watches. */
  readonly onDeleted?: ((tenant: string) => void) | undefined;
  readonly everyMs?: number;
}

/** A suspension is heeded by all processes within this time and one read: well under a second. */
const defaultEveryMs = 400;

/**
 * While Postgres does not answer, what was known last goes on to count: nobody can be suspended then, and searches go on. Of a read that hangs
 * the same is true until the database's own limits end it.
 */
export function createTenantStandings({ registry, emit, served, platform, onDeleted, everyMs = defaultEveryMs }: StandingsOptions): TenantStandings {
  const known = new Map<string, TenantStanding>();
  let asOf: string | undefined;
  let timer: NodeJS.Timeout | undefined;
  let reading = Promise.resolve();
  let isStopped = true;
  let isFailing = false;

  async function read(): Promise<void> {
    const changes = await registry.standings(asOf);
    for (const standing of changes.standings) {
      const { tenant, state } = standing;
      // At the first reading nothing is in memory yet.
      const isNews = asOf !== undefined && state === 'deleted' && known.get(tenant)?.state !== 'deleted';
      known.set(tenant, standing);
      if (isNews) onDeleted?.(tenant);
    }
    asOf = changes.asOf;
    isFailing = false;
  }
  function schedule(): void {
    if (isStopped) return;
    timer = setTimeout(() => {
      reading = read().catch(tellOnce).finally(schedule);
    }, everyMs);
    timer.unref();
  }
  function tellOnce(thrown: unknown): void {
    const { code, message } = toCatalystError(thrown);
    if (!isFailing) emit({ type: 'dependency.failed', dependency: 'postgres', code, detail: `How tenants stand is not known anew, and counts as it was: ${message}` });
    isFailing = true;
  }

  return {
    admit(principal) {
      const { tenant } = principal;
      const state = known.get(tenant)?.state;
      if (state === 'active' || (state === undefined && (served === 'auto' || tenant === platform))) return limitPrincipal(principal, { platform });
      if (state === undefined) throw new CatalystError('TENANT_UNKNOWN', `The tenant "${tenant}" was not created here.`);
      if (state === 'suspended') throw new CatalystError('TENANT_SUSPENDED', `The tenant "${tenant}" is suspended.`);
      throw new CatalystError('TENANT_DELETED', `The tenant "${tenant}" is ${state === 'deleting' ? 'being deleted' : 'deleted'}.`);
    },
    policyOf: (tenant) => known.get(tenant)?.policy ?? openPolicy,
    async start() {
      await read();
      isStopped = false;
      schedule();
    },
    async stop() {
      isStopped = true;
      clearTimeout(timer);
      await reading;
    },
  };
}
