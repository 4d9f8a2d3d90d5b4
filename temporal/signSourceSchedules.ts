import type { TemporalSchedules } from '../src/adapters/temporal/sourceSchedules.ts';
import { toCatalystError } from '../src/contracts/errors.ts';
import type { EventSink } from '../src/contracts/events.ts';
import type { SourceRegistry } from '../src/ports/sourceRegistry.ts';
import type { SweepRegistry } from '../src/ports/sweepRegistry.ts';

interface SigningDependencies {
  readonly sweeps: Pick<SweepRegistry, 'listTenants'>;
  readonly registeredSources: Pick<SourceRegistry, 'list'>;
  readonly schedules: TemporalSchedules;
  readonly emit: EventSink;
}

const sourcesPerPage = 100;

/**
 * Signs the schedules of sources by the key that signs now, those from before there were signatures included. It goes by the registry and
 * never by what it finds in Temporal: what somebody else put there must not get a signature. Never rejects; the next start does the rest.
 */
export async function signSourceSchedules({ sweeps, registeredSources, schedules, emit }: SigningDependencies, isStopped: () => boolean): Promise<void> {
  let looked = 0;
  let signed = 0;
  try {
    // A tenant whose sources never ran is not in the registry's list yet.
    const tenants = new Set([...(await sweeps.listTenants()), ...(await schedules.listTenants())]);
    for (const tenant of tenants) {
      for (let cursor: string | undefined, more = true; more && !isStopped(); ) {
        const page = await registeredSources.list(tenant, cursor, sourcesPerPage);
        for (const source of page.sources) {
          if (isStopped() || source.schedule === null) continue;
          looked += 1;
          if (await schedules.renew(tenant, source)) signed += 1;
        }
        cursor = page.next ?? undefined;
        more = cursor !== undefined;
      }
    }
  } catch (thrown) {
    const { code, message } = toCatalystError(thrown);
    emit({ type: 'dependency.failed', dependency: code === 'REGISTRY_UNAVAILABLE' ? 'postgres' : 'temporal', code, detail: `schedules of sources cannot be signed anew: ${message}` });
  }
  if (looked > 0) emit({ type: 'schedules.signed', looked, signed });
}
