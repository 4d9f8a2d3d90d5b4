import type { Principal } from '../contracts/principal.ts';
import type { TenantDepartures } from '../ports/tenantDepartures.ts';

export interface KeepingSettings {
  /** Milliseconds after which a value is read again. */
  readonly keptMs: number;
  /** Values in memory at once; those made longest ago go first. */
  readonly most: number;
  /** Of a tenant that is deleted nothing is kept. */
  readonly departures?: TenantDepartures | undefined;
}

export interface Kept<Value> {
  /** The value, once it is read; rejects with what the reading threw. */
  readonly current: Promise<Value>;
  /** What was read before, where that is not long ago: good enough while it is read again. */
  readonly recent: Value | undefined;
  /** What was read before, however long ago. */
  readonly last: Value | undefined;
  /** Milliseconds since `current` began to be read. */
  readonly age: number;
}

export interface KeptValues<Value> {
  get(principal: Principal): Kept<Value>;
  /** Nothing is known any more. */
  forget(principal: Principal): void;
  /** What is known, or being read, is too old from now on; it is still there as `last`. */
  expire(principal: Principal): void;
}

interface Entry<Value> {
  readonly tenant: string;
  readonly since: number;
  readonly current: Promise<Value>;
  last: Value | undefined;
  /** When `last` was asked for. */
  lastSince: number;
}

export const byTenant = ({ tenant }: Principal): string => tenant;
/** Callers who may see the same share a value, and no others do. */
export const byTenantAndPolicies = ({ tenant, policies }: Principal): string => JSON.stringify([tenant, [...policies].sort()]);

/** Values that are read once for all who ask at the same time, and kept for a short while. What failed is not kept. */
export function createKept<Value>(keyOf: (principal: Principal) => string, read: (principal: Principal) => Promise<Value>, settings: KeepingSettings, now: () => number = () => performance.now()): KeptValues<Value> {
  const entries = new Map<string, Entry<Value>>();
  const begin = (key: string, principal: Principal, present: Entry<Value> | undefined): Entry<Value> => {
    const made: Entry<Value> = { tenant: principal.tenant, since: now(), current: read(principal), last: present?.last, lastSince: present?.lastSince ?? -Infinity };
    entries.delete(key);
    entries.set(key, made);
    const known = (value: Value): void => void Object.assign(made, { last: value, lastSince: made.since });
    // Read again at the next use, with what is known of it at hand.
    const failed = (): void => void (entries.get(key) === made && entries.set(key, { ...made, since: -Infinity }));
    made.current.then(known, failed);
    for (const oldest of entries.keys()) {
      if (entries.size <= settings.most) break;
      entries.delete(oldest);
    }
    return made;
  };
  settings.departures?.subscribe((tenant) => {
    for (const [key, entry] of entries) if (entry.tenant === tenant) entries.delete(key);
  });
  return {
    get(principal) {
      const key = keyOf(principal);
      const present = entries.get(key);
      const entry = present !== undefined && now() - present.since < settings.keptMs ? present : begin(key, principal, present);
      return { current: entry.current, last: entry.last, recent: now() - entry.lastSince < 2 * settings.keptMs ? entry.last : undefined, age: now() - entry.since };
    },
    forget(principal) {
      entries.delete(keyOf(principal));
    },
    expire(principal) {
      const key = keyOf(principal);
      const present = entries.get(key);
      // An entry of its own: what the old one is still reading changes it no more.
      if (present !== undefined) entries.set(key, { ...present, since: -Infinity, lastSince: -Infinity });
    },
  };
}
