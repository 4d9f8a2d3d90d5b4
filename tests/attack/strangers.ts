import { SignJWT, UnsecuredJWT } from 'jose';
import { comparable, createCaller } from './caller.ts';
import type { Side } from './identifierAttack.ts';
import type { ApiOperation } from './operations.ts';
import { requestOf, routeAttacks } from './routeAttacks.ts';
import type { Session } from './session.ts';

interface Sides {
  readonly url: string;
  readonly session: Session;
  readonly attacker: Side;
  readonly victim: Side;
}

/** Callers who are nobody, with tokens that claim the victim: all are answered alike, before anything is looked at. */
export async function attackAsStranger(operations: readonly ApiOperation[], { url, session, victim }: Sides): Promise<void> {
  const tokens = await worthlessTokens(victim);
  for (const operation of operations) {
    if (!operation.path.startsWith('/v1/')) continue;
    const route = `${operation.method} ${operation.path}`;
    const answers = new Set<string>();
    for (const [name, token] of Object.entries(tokens)) {
      const answer = await session.try(createCaller(url, token), route, `strangers: ${name}`, requestOf(operation.method, operation.path, routeAttacks[operation.id]?.own?.(victim.holdings) ?? {}));
      if (answer.status !== 401) session.leak({ route, attack: `strangers: ${name}`, what: `answered ${answer.status}: ${answer.text.slice(0, 200)}` });
      answers.add(withoutReason(comparable(answer, [])));
    }
    if (answers.size > 1) session.leak({ route, attack: 'strangers', what: `answers differ by more than why the token is refused: ${[...answers].join('\n---\n').slice(0, 600)}` });
  }
}

/** Whether a token was sent and why it is refused may be told: both say something of the request alone. */
const withoutReason = (answer: string): string => answer.replace(/"detail":"[^"]*"/, '').replace(/^www-authenticate: .*$/m, '');

async function worthlessTokens({ holdings }: Side): Promise<Record<string, string | undefined>> {
  const claims = { tenant: holdings.tenant, roles: ['tenant-admin'], policies: ['board'] };
  const foreignKey = new TextEncoder().encode('a key of nobody, which is at least 32 bytes long');
  const signed = await new SignJWT(claims).setProtectedHeader({ alg: 'HS256' }).setIssuer('catalyst-development').setAudience('catalyst').setSubject('x').setExpirationTime('1h').sign(foreignKey);
  const [head = '', , signature = ''] = signed.split('.');
  return {
    'no token': undefined,
    'no token at all': 'x',
    'a foreign key': signed,
    'no signature': new UnsecuredJWT(claims).setIssuer('catalyst-development').setAudience('catalyst').setSubject('x').setExpirationTime('1h').encode(),
    'a changed body': `${head}.${Buffer.from(JSON.stringify({ ...claims, iss: 'catalyst-development', aud: 'catalyst', sub: 'x', exp: 4_102_444_800 })).toString('base64url')}.${signature}`,
    'an API key with another secret': holdings.keySecret.replace(/.{4}$/, 'AAAA'),
    'the prefix of an API key alone': holdings.keySecret.replace(/_[^_]*$/, '_'),
  };
}

/** The attacker's own token, and everywhere else the victim's name. */
export async function attackByPretence(operations: readonly ApiOperation[], { session, attacker, victim }: Sides): Promise<void> {
  const { tenant, identifiers } = victim.holdings;
  const headers = { 'x-tenant': tenant, 'x-tenant-id': tenant, 'x-catalyst-tenant': tenant, 'x-forwarded-user': tenant, 'x-forwarded-prefix': `/${tenant}`, 'x-original-url': `/v1/jobs/${identifiers.job}`, 'x-http-method-override': 'DELETE', cookie: `tenant=${tenant}`, 'x-request-id': `${tenant}/../1` };
  for (const operation of operations) {
    const attack = routeAttacks[operation.id];
    if (attack === undefined || attack.spares === true) continue;
    const route = `${operation.method} ${operation.path}`;
    const parts = attack.own?.(attacker.holdings) ?? {};
    await session.try(attacker.call, route, 'pretence: headers', requestOf(operation.method, operation.path, { ...parts, headers: { ...parts.headers, ...headers } }));
    await session.try(attacker.call, route, 'pretence: query', requestOf(operation.method, operation.path, { ...parts, query: { ...parts.query, tenant, 'filter[tenant]': tenant } }));
    if (parts.body !== undefined) await session.try(attacker.call, route, 'pretence: body', requestOf(operation.method, operation.path, { ...parts, body: { ...(parts.body as object), tenant } }));
  }
}
