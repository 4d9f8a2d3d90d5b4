import { CatalystError, toCatalystError } from '../contracts/errors.ts';
import type { Principal } from '../contracts/principal.ts';
import { byTenant, createKept } from './kept.ts';
import type { KeepingSettings } from './kept.ts';
import { Marks } from './marks.ts';
import { within } from '../contracts/within.ts';

export interface TenantKnowledgeSettings extends KeepingSettings {
  /** Milliseconds that a search waits where nothing is known yet. While a read takes longer, nobody else waits for it. */
  readonly patienceMs: number;
}

export const defaultTenantKnowledgeSettings: TenantKnowledgeSettings = { keptMs: 5_000, most: 1000, patienceMs: 250 };

export interface Known<Value> {
  readonly value: Value;
  /** Why it may not be what the tenant has set: search works while the registry is away, by what was known last. */
  readonly failure?: CatalystError;
}

/** What searches know of how a tenant wants them to go (synonyms, settings), kept in memory: as a rule a search waits for nothing. */
export interface TenantKnowledge<Value> {
  readonly known: (principal: Principal) => Promise<Known<Value>>;
  /** What was read while the mark was another is not used any more: so a search that has learned the mark goes by nothing older. */
  readonly asOf: (tenant: string, mark: string) => void;
  /** To be called after a change that this process made. */
  readonly changed: (tenant: string) => void;
}

export interface TenantKnowledgeSource<Value> {
  /** Names it in messages, such as "synonyms of the tenant". */
  readonly what: string;
  /** What a search goes by where nothing was ever known. */
  readonly none: Value;
  readonly read: (tenant: string) => Promise<Value>;
}

export function createTenantKnowledge<Value>({ what, none, read }: TenantKnowledgeSource<Value>, settings: TenantKnowledgeSettings = defaultTenantKnowledgeSettings): TenantKnowledge<Value> {
  const kept = createKept(byTenant, ({ tenant }) => read(tenant), settings);
  const marks = new Marks(settings.most);
  const late = (): CatalystError => new CatalystError('REGISTRY_UNAVAILABLE', `The ${what} were not read within ${settings.patienceMs} ms.`);
  return {
    async known(principal) {
      const { current, recent, last, age } = kept.get(principal);
      if (recent !== undefined) return { value: recent };
      try {
        const value = await within(Math.max(0, settings.patienceMs - age), current);
        return value === undefined ? { value: last ?? none, failure: late() } : { value };
      } catch (thrown) {
        return { value: last ?? none, failure: toCatalystError(thrown) };
      }
    },
    asOf(tenant, mark) {
      if (marks.set(tenant, mark)) kept.expire(nobodyOf(tenant));
    },
    changed: (tenant) => kept.forget(nobodyOf(tenant)),
  };
}

/** What is kept by tenant needs nobody else to be named. */
function nobodyOf(tenant: string): Principal {
  return { tenant, subject: '', roles: [], policies: [] };
}
