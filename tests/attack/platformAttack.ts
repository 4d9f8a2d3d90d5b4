import { comparable, createCaller } from './caller.ts';
import type { Call } from './caller.ts';
import { foreignValues } from './foreignValues.ts';
import type { Side } from './identifierAttack.ts';
import type { ApiOperation } from './operations.ts';
import { requestOf, routeAttacks, withValue } from './routeAttacks.ts';
import type { Session } from './session.ts';

export interface PlatformAttackOptions {
  readonly url: string;
  readonly session: Session;
  readonly attacker: Side;
  readonly victim: Side;
  /** Of the attacker's tenant, which is not the platform's, and with the claims that operators of the platform have. */
  readonly pretenders: readonly string[];
  /** Only what changes nothing. */
  readonly readsAlone?: boolean;
}

/** Routes that reach beyond one tenant. */
const isOfPlatform = ({ path }: ApiOperation): boolean => ['/v1/tenants', '/v1/index', '/v1/backups', '/v1/restores', '/v1/schedules'].some((start) => path.startsWith(start));

/** An issuer that gives a tenant's own admin the role of an operator of the platform: it must not reach any tenant nor the index as a whole, nor learn which tenants there are. */
export async function attackAsPlatform(operations: readonly ApiOperation[], { url, session, attacker, victim, pretenders, readsAlone }: PlatformAttackOptions): Promise<void> {
  for (const token of pretenders) {
    const call = createCaller(url, token);
    await attackPlatformRoutes(operations.filter((operation) => isOfPlatform(operation) && (readsAlone !== true || routeAttacks[operation.id]?.reads === true)), call, { session, attacker, victim });
    // A key of one's own may hold no more than its maker may.
    const made = await session.try(call, 'POST /v1/keys', 'platform: a key with scopes over tenants', { method: 'POST', path: '/v1/keys', body: JSON.stringify({ name: 'platform', scopes: ['tenants:read', 'tenants:write'] }) });
    if (made.status < 400) session.leak({ route: 'POST /v1/keys', attack: 'platform', what: `a key over tenants was made: ${made.text.slice(0, 200)}` });
  }
}

async function attackPlatformRoutes(operations: readonly ApiOperation[], call: Call, { session, attacker, victim }: Pick<PlatformAttackOptions, 'session' | 'attacker' | 'victim'>): Promise<void> {
  for (const { id, method, path } of operations) {
    const route = `${method} ${path}`;
    const attack = routeAttacks[id] ?? { fields: {} };
    if (Object.keys(attack.fields).length === 0) {
      const answer = await session.try(call, route, 'platform', requestOf(method, path, attack.own?.(attacker.holdings) ?? {}));
      if (answer.status !== 403) session.leak({ route, attack: 'platform', what: `answered ${answer.status}: ${answer.text.slice(0, 200)}` });
    }
    for (const [field, fieldAttack] of Object.entries(attack.fields)) {
      for (const { name, foreign, missing } of foreignValues('tenantName', victim.holdings, attacker.holdings)) {
        const answers = [];
        for (const value of [foreign, missing]) {
          const answer = await session.try(call, route, `platform: ${name}`, requestOf(method, path, withValue(attack, field, fieldAttack, value, attacker.holdings)));
          if (answer.status !== 403) session.leak({ route, attack: 'platform', what: `answered ${answer.status}: ${answer.text.slice(0, 200)}` });
          answers.push(comparable(answer, [value]));
        }
        if (answers[0] !== answers[1]) session.leak({ route, attack: 'platform', what: 'the answer to a foreign tenant differs from that to a missing one' });
      }
    }
  }
}
