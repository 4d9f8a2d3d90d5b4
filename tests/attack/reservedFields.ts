import { callJson } from './caller.ts';
import { finished, ingest } from './holdings.ts';
import type { Holdings } from './holdings.ts';
import type { Side } from './identifierAttack.ts';
import type { Session } from './session.ts';

/** Stands in the attacker's documents alone; the victim must never meet it. */
const intruder = 'zzyxwvintruder';

/** Metadata keys that are called as the index calls its own fields, with the victim's values. */
function metadataOf({ tenant, identifiers, artifactUri }: Holdings): Record<string, unknown>[] {
  return [
    { tenant, visible: true, policies: [], document: identifiers.document, version: identifiers.version, sequence: 999_999, ordinal: 0 },
    { tenant: [tenant], policies: ['board'], source: artifactUri, ingestedAt: '2999-01-01T00:00:00Z', tier: 'title', language: 'en', languages: ['en'], codes: ['E11'] },
    { metadata: tenant, terms: [`tenant="${tenant}"`], words: [intruder], text: intruder, title: intruder, chunk: '0', payload: tenant, id: identifiers.document },
    { constructor: tenant, hasOwnProperty: 'x', toString: tenant, valueOf: 1, prototype: tenant },
  ];
}

/** Keys that no document may have: refused, whatever they try to become. */
const refusedMetadata = (tenant: string): string[] => [`{"__proto__":{"tenant":"${tenant}"}}`, `{"a.tenant":"${tenant}"}`, `{"tenant.":"${tenant}"}`, `{"metadata[tenant]":"${tenant}"}`, `{"":"${tenant}"}`, `{"$tenant":"${tenant}"}`];

/** The attacker's documents carry the victim's names; they must stay the attacker's, and the victim must not meet them. */
export async function attackReservedFields({ session, attacker, victim }: { readonly session: Session; readonly attacker: Side; readonly victim: Side }): Promise<void> {
  const { holdings } = victim;
  const route = 'POST /v1/ingest/bulk';
  const documents = metadataOf(holdings).map((metadata, place) => ({ id: `intruder-${place}`, title: intruder, text: `The lantern at the quay is lit by ${intruder}.`, tags: [intruder], metadata }));
  await finished(attacker.call, await ingest(attacker.call, documents));
  // The victim's chosen ids, brought by another: documents of the other tenant, not new versions of the victim's.
  await finished(attacker.call, await ingest(attacker.call, [{ id: holdings.chosenId, title: intruder, text: `The lantern is replaced by ${intruder}.` }]));
  for (const metadata of refusedMetadata(holdings.tenant)) {
    const { status } = await session.try(attacker.call, route, 'reserved: metadata key that is none', { method: 'POST', path: '/v1/ingest/bulk', body: `{"documents":[{"text":"${intruder}","metadata":${metadata}}]}` });
    if (status !== 422 && status !== 400) session.leak({ route, attack: 'reserved: metadata key that is none', what: `${metadata} was answered with ${status}` });
  }
  const found = await callJson<{ results: unknown[] }>(attacker.call, 'POST', '/v1/search', { query: intruder, mode: 'sparse', filters: { metadata: { tenant: holdings.tenant } } });
  if (found.results.length === 0) throw new Error('The attacker does not find its own documents: the attack on reserved fields would prove nothing.');
  for (const [path, body] of victimLooks(holdings)) {
    const answer = await victim.call({ method: body === undefined ? 'GET' : 'POST', path, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
    if (withoutEcho(answer.text).includes(intruder)) session.leak({ route: `${body === undefined ? 'GET' : 'POST'} ${path}`, attack: 'reserved: the victim meets the attacker’s documents', what: answer.text.slice(0, 400) });
  }
}

function victimLooks({ tenant, identifiers }: Holdings): [string, object | undefined][] {
  const search = (more: object): [string, object] => ['/v1/search', { query: 'who lights the lantern at the quay', limit: 100, facets: ['tags', 'metadata.tenant', 'metadata.words'], ...more }];
  return [
    search({}), search({ mode: 'sparse', query: intruder, spelling: true }), search({ filters: { metadata: { tenant } } }), search({ filters: { documents: [identifiers.document] } }),
    ['/v1/search/similar', { documentId: identifiers.document, limit: 100 }], ['/v1/suggest?q=zzyx', undefined], ['/v1/documents?limit=1000', undefined], [`/v1/documents/${identifiers.document}/history`, undefined],
  ];
}

const withoutEcho = (text: string): string => text.replace(/"query":"[^"]*"/, '');
