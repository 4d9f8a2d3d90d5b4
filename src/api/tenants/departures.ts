import type { TenantDepartures } from '../../ports/tenantDepartures.ts';

export interface Departures extends TenantDepartures {
  readonly tell: (tenant: string) => void;
}

export function createDepartures(): Departures {
  const listeners: ((tenant: string) => void)[] = [];
  return {
    subscribe: (forget) => void listeners.push(forget),
    tell(tenant) {
      for (const forget of listeners) forget(tenant);
    },
  };
}
