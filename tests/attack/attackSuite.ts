import { createCaller } from './caller.ts';
import type { Call } from './caller.ts';
import { victimsBucket } from './foreignValues.ts';
import { furnish, label } from './holdings.ts';
import { attackIdentifiers, gapsOf } from './identifierAttack.ts';
import type { Side } from './identifierAttack.ts';
import { attackLabels } from './labelAttack.ts';
import { attackLinks } from './linkAttack.ts';
import { operationsOf } from './operations.ts';
import type { ApiOperation, OpenApi } from './operations.ts';
import { attackAsPlatform } from './platformAttack.ts';
import { attackReservedFields } from './reservedFields.ts';
import { attackFilters } from './searchEscapes.ts';
import { attackCaches, attackStatistics } from './searchTwins.ts';
import { createSession } from './session.ts';
import type { Finding, Session } from './session.ts';
import { attackAsStranger, attackByPretence } from './strangers.ts';
import { createTripwires } from './tripwires.ts';
import type { Tripwires } from './tripwires.ts';
import { reportChanges, stateOf } from './unchanged.ts';

export interface AttackReport {
  readonly attempts: number;
  /** Routes of the OpenAPI document, all of which have an attack unless `gaps` names them. */
  readonly routes: number;
  readonly leaks: number;
  readonly fields: number;
  readonly byAttack: Readonly<Record<string, number>>;
  readonly findings: readonly Finding[];
  /** Answers of 500 and above. */
  readonly failures: readonly Finding[];
  readonly gaps: readonly string[];
  /** Things of the victim that its owner is answered otherwise for than for missing ones. */
  readonly confirmed: readonly string[];
}

export interface AttackTarget {
  readonly url: string;
  readonly tokenFor: (tenant: string, claims?: Readonly<Record<string, unknown>>) => Promise<string>;
}

export const victimTenant = 'attack-victim';
export const attackerTenant = 'attack-other';

/** What the stack needs besides, so that every route is there: Firecrawl's webhook, a vault, and a bucket that is open to the victim. */
export const attackEnvironment: Readonly<Record<string, string>> = {
  FIRECRAWL_API_URL: 'http://127.0.0.1:9',
  FIRECRAWL_API_KEY: 'fc-attack',
  FIRECRAWL_WEBHOOK_SECRET: 'a secret of the attack suite',
  CATALYST_WEBHOOK_URL: 'http://127.0.0.1:9/v1/webhooks/firecrawl',
  CATALYST_VAULT_KEYS: `attack:${Buffer.alloc(32, 7).toString('base64')}`,
  CATALYST_VAULT_NAME_KEY: Buffer.alloc(32, 8).toString('base64'),
  CATALYST_IMPORT_BUCKETS: `${victimTenant}=${victimsBucket}`,
};

/** Two tenants with all that tenants can have, furnished once; any API process of the stack can then be attacked. */
export interface Battlefield {
  readonly operations: readonly ApiOperation[];
  readonly tripwires: Tripwires;
  /** Tokens of the attacker's tenant that claim to be of an operator of the platform. */
  readonly pretenders: readonly string[];
  readonly sides: (url: string) => { readonly victim: Side; readonly attacker: Side; readonly withoutLabel: Call };
}

export async function prepare({ url, tokenFor }: AttackTarget): Promise<Battlefield> {
  const tripwires = createTripwires();
  const tokens = {
    victim: await tokenFor(victimTenant, { policies: [label] }),
    attacker: await tokenFor(attackerTenant, { policies: [label] }),
    withoutLabel: await tokenFor(victimTenant, { policies: [] }),
  };
  const operations = operationsOf(JSON.parse((await createCaller(url, undefined)({ method: 'GET', path: '/openapi.json' })).text) as OpenApi);
  const victimCall = createCaller(url, tokens.victim);
  const learning: Call = async (request) => {
    const answer = await victimCall(request);
    tripwires.learn(`${JSON.stringify(answer.headers)}\n${answer.text}`);
    return answer;
  };
  const victim = await furnish(learning, victimTenant, tripwires.word);
  for (const answer of (await stateOf({ call: learning, holdings: victim })).values()) tripwires.learn(answer);
  const attacker = await furnish(createCaller(url, tokens.attacker), attackerTenant, (place) => `mine${place}`);
  return {
    operations,
    tripwires,
    pretenders: [await tokenFor(attackerTenant, { roles: ['platform-admin'] }), await tokenFor(attackerTenant, { roles: undefined, scope: 'tenants:read tenants:write tenants:export keys:write' })],
    sides: (at) => ({ victim: { call: createCaller(at, tokens.victim), holdings: victim }, attacker: { call: createCaller(at, tokens.attacker), holdings: attacker }, withoutLabel: createCaller(at, tokens.withoutLabel) }),
  };
}

/** The whole of it. Whatever tells of the other tenant, or changes it, is a leak. */
export async function attackAll(url: string, { operations, tripwires, pretenders, sides }: Battlefield, log: (line: string) => void = () => undefined): Promise<AttackReport> {
  const { victim, attacker, withoutLabel } = sides(url);
  const session = createSession(tripwires);
  const confirmed = new Set<string>();
  const both = { url, session, attacker, victim };
  const step = async (name: string, work: () => Promise<void>) => {
    const from = performance.now();
    await work();
    log(`${name}: ${session.attempts} attempts so far, ${session.leaks.length} leaks, ${((performance.now() - from) / 1000).toFixed(1)} s`);
  };
  await step('caches', () => attackCaches(both));
  await step('statistics', () => attackStatistics(both, tripwires.word));
  await step('filters and words', () => attackFilters(both));
  await step('labels', () => attackLabels({ session, holder: victim, other: withoutLabel, secret: tripwires.word('boardtext'), names: ['boardtitle', 'labelled'].map(tripwires.word) }));
  await step('links', () => attackLinks({ ...both, withoutLabel, secret: tripwires.word('boardtext') }));
  const before = await stateOf(victim);
  await step('strangers', () => attackAsStranger(operations, both));
  await step('pretence', () => attackByPretence(operations, both));
  await step('platform', () => attackAsPlatform(operations, { ...both, pretenders }));
  await step('identifiers', () => attackIdentifiers(operations, { ...both, confirmed }));
  await step('reserved fields', () => attackReservedFields(both));
  reportChanges(session, before, await stateOf(victim));
  return reportOf(session, operations, confirmed);
}

export function reportOf(session: Session, operations: readonly ApiOperation[], confirmed: ReadonlySet<string>): AttackReport {
  return {
    attempts: session.attempts,
    routes: operations.length,
    leaks: session.leaks.length,
    fields: operations.reduce((sum, { fields }) => sum + fields.length, 0),
    byAttack: session.byAttack,
    findings: session.leaks,
    failures: session.failures,
    gaps: gapsOf(operations),
    confirmed: [...confirmed].sort(),
  };
}
