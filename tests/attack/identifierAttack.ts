import { comparable } from './caller.ts';
import type { AttackRequest, Call } from './caller.ts';
import { foreignValues } from './foreignValues.ts';
import type { ForeignValue } from './foreignValues.ts';
import type { Holdings } from './holdings.ts';
import type { ApiOperation } from './operations.ts';
import { commonFields, fieldAttacksOf, requestOf, routeAttacks, withValue } from './routeAttacks.ts';
import type { FieldAttack, RouteAttack } from './routeAttacks.ts';
import type { Session } from './session.ts';

export interface Side {
  readonly call: Call;
  readonly holdings: Holdings;
}

export interface IdentifierAttackOptions {
  readonly session: Session;
  readonly attacker: Side;
  readonly victim: Side;
  /** Things of the victim whose owner got another answer for them than for missing ones: proof that the attack was worth something. */
  readonly confirmed: Set<string>;
  /** Only what changes nothing. */
  readonly readsAlone?: boolean;
}

/** What the table of attacks does not cover, or covers although it is no more. */
export function gapsOf(operations: readonly ApiOperation[]): string[] {
  const known = new Set(operations.map(({ id }) => id));
  return [
    ...operations.flatMap(({ id, method, path, fields }) => {
      const attack = routeAttacks[id];
      if (attack === undefined) return [`${method} ${path} (${id}) has no attack in tests/attack/routeAttacks.ts`];
      const covered = Object.keys(attack.fields);
      return [
        ...fields.filter((field) => !covered.includes(field) && !Object.hasOwn(commonFields, field)).map((field) => `${id}: the field ${field} has no attack`),
        ...covered.filter((field) => !fields.includes(field)).map((field) => `${id}: the field ${field} is attacked and is no field of the route`),
      ];
    }),
    ...Object.keys(routeAttacks).filter((id) => !known.has(id)).map((id) => `${id} is attacked and is no route`),
  ];
}

/** Every id-like field of every route, with each thing of the victim, against something of the same form that nobody has. */
export async function attackIdentifiers(operations: readonly ApiOperation[], options: IdentifierAttackOptions): Promise<void> {
  for (const operation of readsFirst(operations)) {
    const attack = routeAttacks[operation.id];
    if (attack === undefined || (options.readsAlone === true && attack.reads !== true)) continue;
    for (const [field, fieldAttack] of fieldAttacksOf(operation.id, operation.fields)) {
      const kind = typeof fieldAttack === 'string' ? fieldAttack : fieldAttack.kind;
      for (const value of foreignValues(kind, options.victim.holdings, options.attacker.holdings)) await attackField({ operation, attack, field, fieldAttack, value }, options);
    }
  }
}

/** What changes something of the attacker's may change what it is answered later. */
function readsFirst(operations: readonly ApiOperation[]): ApiOperation[] {
  return [...operations].sort((left, right) => Number(routeAttacks[right.id]?.reads ?? false) - Number(routeAttacks[left.id]?.reads ?? false));
}

interface Target {
  readonly operation: ApiOperation;
  readonly attack: RouteAttack;
  readonly field: string;
  readonly fieldAttack: FieldAttack;
  readonly value: ForeignValue;
}

/** A difference that is not there again comes from the attacker's own work going on. */
const tries = 4;

async function attackField(target: Target, { session, attacker, victim, confirmed }: IdentifierAttackOptions): Promise<void> {
  const { operation, attack, field, value } = target;
  const route = `${operation.method} ${operation.path}`;
  const name = `identifiers: ${value.name} as ${field}`;
  const methods = operation.method === 'GET' ? ['GET', 'HEAD'] : [operation.method];
  for (const method of methods) {
    const ask = async (text: string): Promise<string> => comparable(await session.try(attacker.call, route, name, requestFor(target, method, text, attacker.holdings)), [text]);
    let [foreign, missing] = ['', ''];
    for (let attempt = 0; attempt < tries && (attempt === 0 || foreign !== missing); attempt += 1) [foreign, missing] = [await ask(value.foreign), await ask(value.missing)];
    if (foreign !== missing) session.leak({ route, attack: name, what: `the answer to a foreign one differs from that to a missing one: ${firstDifference(foreign, missing)}` });
  }
  if (attack.reads !== true || confirmed.has(value.name)) return;
  const owner = async (text: string): Promise<string> => comparable(await victim.call(requestFor(target, operation.method, text, victim.holdings)), [text]);
  if ((await owner(value.foreign)) !== (await owner(value.missing))) confirmed.add(value.name);
}

function requestFor({ operation, attack, field, fieldAttack }: Target, method: string, value: string, own: Holdings): AttackRequest {
  return requestOf(method, operation.path, withValue(attack, field, fieldAttack, value, own));
}

function firstDifference(left: string, right: string): string {
  const at = [...left].findIndex((letter, place) => letter !== right[place]);
  const from = Math.max(0, (at < 0 ? Math.min(left.length, right.length) : at) - 40);
  return `"${left.slice(from, from + 160)}" and "${right.slice(from, from + 160)}"`.replaceAll(/\s+/g, ' ');
}
