import { callJson } from './caller.ts';
import { commonQuery, finished, ingest } from './holdings.ts';
import type { Side } from './identifierAttack.ts';
import type { Session } from './session.ts';

interface Sides {
  readonly session: Session;
  readonly attacker: Side;
  readonly victim: Side;
}

interface SearchAnswer {
  readonly cached?: boolean;
  readonly results: readonly { readonly passage: string }[];
}

const twins: readonly object[] = [
  { query: commonQuery },
  { query: commonQuery, limit: 50, facets: ['tags'], explain: true },
  { query: commonQuery, mode: 'sparse', spelling: true },
  { query: 'password of the keeper', mode: 'dense', aggregate: 'sum' },
];

/** The victim's answer is remembered; the very same request of another may neither get it nor be told that it was asked before. */
export async function attackCaches({ session, attacker, victim }: Sides): Promise<void> {
  for (const search of twins) {
    const body = JSON.stringify(search);
    for (let time = 0; time < 2; time += 1) await victim.call({ method: 'POST', path: '/v1/search', body });
    const remembered = JSON.parse((await victim.call({ method: 'POST', path: '/v1/search', body })).text) as SearchAnswer;
    const answer = await session.try(attacker.call, 'POST /v1/search', 'cache: twin of a remembered search', { method: 'POST', path: '/v1/search', body });
    const { cached, results } = JSON.parse(answer.text) as SearchAnswer;
    if (cached === true) session.leak({ route: 'POST /v1/search', attack: 'cache: twin of a remembered search', what: 'a first search is answered from the cache' });
    if (results.some(({ passage }) => remembered.results.some((other) => other.passage === passage))) session.leak({ route: 'POST /v1/search', attack: 'cache: twin of a remembered search', what: 'a passage stands in the answers of both' });
    if (remembered.cached !== true) throw new Error('The victim’s search is not remembered: the attack on the cache would prove nothing.');
  }
}

/** Everything a tenant can read whose numbers could tell of another: scores, counts, suggestions, spelling. */
async function numbersSeen({ session, attacker }: Pick<Sides, 'session' | 'attacker'>): Promise<Map<string, string>> {
  const seen = new Map<string, string>();
  const look = async (route: string, name: string, method: string, path: string, body?: object) => {
    const answer = await session.try(attacker.call, route, `statistics: ${name}`, { method, path, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
    seen.set(`${route}, ${name}`, `${answer.status} ${answer.text.replaceAll(/"(tookMs|timings|cached)":(?:\{[^}]*\}|true|false|[\d.e-]+),?/g, '')}`);
  };
  for (const mode of ['hybrid', 'dense', 'sparse']) {
    for (const query of [commonQuery, 'tides', 'password keeper lantern', 'lanten quey']) {
      const facets = ['tags', 'language', 'tier', 'source.type', 'metadata.owner', 'metadata.year', 'codes.icd-10'];
      await look('POST /v1/search/debug', `${query}, ${mode}`, 'POST', '/v1/search/debug', { query, mode, limit: 50, explain: true, spelling: true, facets });
      await look('POST /v1/search', `${query}, ${mode}`, 'POST', '/v1/search', { query, mode, limit: 50, explain: true, spelling: true, facets });
    }
  }
  await look('POST /v1/search/similar', 'similar', 'POST', '/v1/search/similar', { documentId: attacker.holdings.identifiers.document, limit: 50 });
  for (const q of ['la', 'lant', 'qua', 'quay lan', 'pass', 'harb']) await look('GET /v1/suggest', q, 'GET', `/v1/suggest?q=${encodeURIComponent(q)}&limit=20`);
  for (const path of ['/v1/documents', '/v1/jobs', '/v1/sources', '/v1/deletions', '/v1/sweeps', '/v1/consistency/audits', '/v1/keys', '/v1/dead-letters', '/v1/dead-letters/summary', '/v1/search/synonyms', '/v1/search/settings', '/v1/retention']) {
    await look(`GET ${path}`, 'list', 'GET', path);
  }
  return seen;
}

/** The victim takes in documents full of the attacker's words, sets synonyms and deletes; no number of the attacker's may move. */
export async function attackStatistics({ session, attacker, victim }: Sides, word: (place: string) => string): Promise<void> {
  const before = await numbersSeen({ session, attacker });
  const documents = Array.from({ length: 12 }, (_, place) => ({
    id: word(`more${String.fromCharCode(97 + place)}`), title: 'Lantern tides', tags: ['harbour', 'quayside'], metadata: { owner: word('owner'), year: 2000 + place },
    text: `Lanterns, lanterns, tides: the lanterns of the quay and the password of the keeper, as ${word('more')} wrote in diary ${place}. E11.9 and I10 were noted.`,
  }));
  await finished(victim.call, await ingest(victim.call, documents));
  await callJson(victim.call, 'PUT', '/v1/search/synonyms', { groups: [['lantern', 'tides', word('synonym')]] });
  await callJson(victim.call, 'PUT', '/v1/search/settings', { termWeights: { lantern: 0 } });
  const after = await numbersSeen({ session, attacker });
  for (const [name, answer] of before) {
    const now = after.get(name) ?? '';
    const at = [...answer].findIndex((letter, place) => letter !== now[place]);
    if (answer !== now) session.leak({ route: name.split(', ')[0] ?? name, attack: `statistics: ${name}`, what: `changed as the other tenant ingested: "${answer.slice(Math.max(0, at - 60), at + 60)}" became "${now.slice(Math.max(0, at - 60), at + 60)}"` });
  }
  await callJson(victim.call, 'PUT', '/v1/search/synonyms', { groups: [['quay', word('synonym')]] });
  await callJson(victim.call, 'PUT', '/v1/search/settings', { termWeights: { [word('weight')]: 2 } });
}
