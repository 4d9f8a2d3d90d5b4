import { CatalystError } from '../../contracts/errors.ts';
import type { ApiKeyRegistry, PresentedApiKey } from '../../ports/apiKeyRegistry.ts';
import { within } from '../../contracts/within.ts';

/** How a key stands at present. */
export interface ApiKeyStandings {
  /** Undefined where there is no such key. Throws AUTHENTICATION_UNAVAILABLE: without Postgres nobody knows what was revoked. */
  read(prefix: string): Promise<PresentedApiKey | undefined>;
}

export interface StandingOptions {
  readonly lookUp: ApiKeyRegistry['lookUp'];
  /** A revocation is heeded after this time at the latest, plus what a read takes. */
  readonly freshMs: number;
  readonly patienceMs: number;
}

interface Standing {
  readonly begunAt: number;
  readonly reading: Promise<PresentedApiKey | undefined>;
  ended: boolean;
}

const mostKept = 10_000;

/**
 * Requests with one key share a read of it, and what it found for a moment. Freshness counts from the begin of the read: what was revoked
 * while it was under way is not missed for longer than otherwise. One read a key is under way at a time, so that a database that hangs is
 * not asked again and again.
 */
export function createApiKeyStandings({ lookUp, freshMs, patienceMs }: StandingOptions): ApiKeyStandings {
  const standings = new Map<string, Standing>();

  function begin(prefix: string): Standing {
    if (standings.size >= mostKept) standings.clear();
    const standing: Standing = { begunAt: performance.now(), reading: lookUp(prefix), ended: false };
    standings.set(prefix, standing);
    const forget = (): void => {
      if (standings.get(prefix) === standing) standings.delete(prefix);
    };
    standing.reading.then((key) => {
      standing.ended = true;
      // Guessed prefixes are not worth keeping.
      if (key === undefined) forget();
    }, forget);
    return standing;
  }
  function current(prefix: string): Standing {
    const known = standings.get(prefix);
    if (known === undefined) return begin(prefix);
    if (performance.now() - known.begunAt < freshMs) return known;
    if (!known.ended) throw unavailable('Postgres does not answer in time');
    return begin(prefix);
  }

  return {
    async read(prefix) {
      const { reading } = current(prefix);
      const found = await within(patienceMs, reading.then((key) => ({ key }))).catch((error: unknown) => {
        throw unavailable('Postgres does not answer', error);
      });
      if (found === undefined) throw unavailable('Postgres does not answer in time');
      return found.key;
    },
  };
}

function unavailable(why: string, cause?: unknown): CatalystError {
  return new CatalystError('AUTHENTICATION_UNAVAILABLE', `API keys cannot be checked at present: ${why}.`, { cause });
}
