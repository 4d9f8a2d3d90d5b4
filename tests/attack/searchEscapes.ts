import { commonQuery } from './holdings.ts';
import type { Holdings } from './holdings.ts';
import type { Side } from './identifierAttack.ts';
import type { Session } from './session.ts';

const searchPaths = { '/v1/search': (search: string) => search, '/v1/search/debug': (search: string) => search, '/v1/search/batch': (search: string) => `{"searches":[${search}]}` } as const;

/**
 * Filters that try to get out of the caller's tenant, as raw JSON: what a client library would not let pass is sent, too.
 * Nothing of the other tenant may be in any answer, in whichever field; whoever counts, counts the caller's own alone.
 */
export async function attackFilters({ session, attacker, victim }: { readonly session: Session; readonly attacker: Side; readonly victim: Side }): Promise<void> {
  const { holdings } = victim;
  const facets = `"facets":["tags","metadata.owner","metadata.${holdings.metadataKey}","source.host","codes.icd-10","language","tier","source.type"]`;
  for (const [path, around] of Object.entries(searchPaths)) {
    const send = (name: string, fields: string) =>
      session.try(attacker.call, `POST ${path}`, `filters: ${name}`, { method: 'POST', path, body: around(`{"query":${JSON.stringify(commonQuery)},"limit":50,"explain":true,"spelling":true,${facets}${fields === '' ? '' : `,${fields}`}}`) });
    for (const mode of ['hybrid', 'dense', 'sparse']) await send(`everything there is, ${mode}`, `"mode":"${mode}"`);
    for (const [name, filters] of Object.entries(escapingFilters(holdings, attacker.holdings))) await send(name, `"filters":${filters}`);
    for (const [name, fields] of Object.entries(escapingFields(holdings))) await send(name, fields);
  }
  for (const [name, filters] of Object.entries(escapingFilters(holdings, attacker.holdings))) {
    const body = `{"documentId":"${attacker.holdings.identifiers.document}","limit":50,${facets},"filters":${filters}}`;
    await session.try(attacker.call, 'POST /v1/search/similar', `filters: ${name}`, { method: 'POST', path: '/v1/search/similar', body });
  }
  await guessWords(session, attacker, holdings);
}

/** Words of the other tenant, begun, misspelt and whole: neither completed, nor corrected, nor counted. */
async function guessWords(session: Session, attacker: Side, { chosenId }: Holdings): Promise<void> {
  const root = chosenId.replace(/chosen$/, '');
  for (const length of [2, 3, 5, 8, root.length]) {
    for (const kinds of ['titles', 'headings', 'terms', 'titles,headings,terms']) {
      const q = encodeURIComponent(`lantern ${root.slice(0, length)}`);
      await session.try(attacker.call, 'GET /v1/suggest', 'words: beginning', { method: 'GET', path: `/v1/suggest?q=${q}&kinds=${kinds}&limit=20` });
    }
  }
  for (const place of ['text', 'title', 'heading', 'tag', 'synonym', 'weight', 'deleted', 'boardtext']) {
    for (const word of [`${root}${place}`, `${root}${place}`.replace(/.$/, 'x'), `x${root}${place}`.slice(1, -1), `${root.slice(0, -1)}${place}`]) {
      for (const mode of ['hybrid', 'sparse']) {
        const body = JSON.stringify({ query: word, mode, spelling: true, explain: true, facets: ['tags'] });
        const answer = await session.try(attacker.call, 'POST /v1/search', 'words: guessed or misspelt', { method: 'POST', path: '/v1/search', body });
        if (/"didYouMean":\{/.test(answer.text)) session.leak({ route: 'POST /v1/search', attack: 'words: guessed or misspelt', what: `a spelling is offered for a word that the attacker's documents do not hold: ${answer.text.slice(0, 300)}` });
      }
    }
  }
}

function escapingFilters(victim: Holdings, attacker: Holdings): Record<string, string> {
  const { tenant, identifiers, metadataKey, metadataValue } = victim;
  const tenantIs = `{"key":"tenant","match":{"value":"${tenant}"}}`;
  const own = `{"key":"tenant","match":{"value":"${attacker.tenant}"}}`;
  return {
    'must of the index’s own language': `{"must":[${tenantIs}]}`,
    must_not: `{"must_not":[${own}]}`,
    should: `{"should":[${tenantIs},{"is_empty":{"key":"tenant"}}]}`,
    min_should: `{"min_should":{"conditions":[${tenantIs}],"min_count":0}}`,
    'must_not inside not': `{"not":{"must_not":[${own}]}}`,
    'not inside not': `{"not":{"not":{"metadata":{"tenant":"${tenant}"}}}}`,
    'everything but one’s own documents': `{"not":{"documents":["${attacker.identifiers.document}","${attacker.identifiers.labelledDocument}"]}}`,
    'everything but one’s own metadata': `{"not":{"metadata":{"owner":{"exists":true}}}}`,
    'metadata called tenant': `{"metadata":{"tenant":"${tenant}"}}`,
    'metadata called tenant, left out': `{"not":{"metadata":{"tenant":"${attacker.tenant}"}}}`,
    'metadata called visible': '{"metadata":{"visible":false}}',
    'metadata called policies': '{"metadata":{"policies":{"exists":false}}}',
    'metadata of the other tenant': `{"metadata":{"${metadataKey}":"${metadataValue}"}}`,
    'metadata of the other tenant, whatever it is': `{"metadata":{"${metadataKey}":{"exists":true}}}`,
    'key with a dot': `{"metadata":{"x.tenant":"${tenant}"}}`,
    'key with a wildcard': `{"metadata":{"*":"${tenant}"}}`,
    'key with brackets': `{"metadata":{"a[]":"${tenant}"}}`,
    'key with a quote': `{"metadata":{"a\\":{\\"key\\":\\"tenant":"${tenant}"}}`,
    'key with a term in it': `{"metadata":{"owner=\\"x\\" OR tenant":"${tenant}"}}`,
    __proto__: `{"__proto__":{"must":[${tenantIs}]},"metadata":{"__proto__":{"any":["${tenant}"]}}}`,
    constructor: `{"constructor":{"prototype":{"tenant":"${tenant}"}},"metadata":{"constructor":"x"}}`,
    'the key twice': `{"tags":["harbour"],"tags":["harbour"],"metadata":{},"metadata":{"tenant":"${tenant}"}}`,
    'a text in place of an object': JSON.stringify(`{"must":[${tenantIs}]}`),
    'a list in place of an object': `[${tenantIs}]`,
    'an object in place of a value': `{"tags":[{"$ne":null}],"documents":{"$in":["${identifiers.document}"]}}`,
    'an operator in place of a value': `{"metadata":{"owner":{"$ne":null}}}`,
    'a value that ends the text': `{"metadata":{"owner":"\\"}},{\\"key\\":\\"tenant\\",\\"match\\":{\\"value\\":\\"${tenant}"}}`,
    'empty lists': '{"tags":[],"documents":[],"tiers":[]}',
    nulls: '{"tags":null,"documents":null,"not":null,"metadata":null}',
    'documents of the other tenant': `{"documents":${JSON.stringify(Object.values(identifiers))}}`,
    'a range over all': '{"metadata":{"year":{"gte":-1e308,"lte":1e308}},"ingestedAt":{"from":"0001-01-01T00:00:00Z","to":"9999-12-31T23:59:59Z"}}',
    'tenant beside': `{"tenant":"${tenant}","visible":true}`,
    'codes of the other tenant': '{"codes":{"icd-10":["E11"]}}',
  };
}

function escapingFields(victim: Holdings): Record<string, string> {
  return {
    'tenant in the body': `"tenant":"${victim.tenant}"`,
    'principal in the body': `"principal":{"tenant":"${victim.tenant}","policies":["board"]}`,
    'policies in the body': '"policies":["board"]',
    'prototype in the body': `"__proto__":{"tenant":"${victim.tenant}"}`,
    'boosts of foreign documents': `"boosts":{"documents":{"${victim.identifiers.document}":1},"sources":[{"prefix":"${victim.chosenId}","weight":1}]}`,
    'facets of reserved fields': '"facets":["tenant","visible","policies","document","version","text"]',
    'facets that are paths': '"facets":["metadata.owner[].tenant","metadata.../tenant"]',
    'a foreign cursor': `"cursor":"${victim.searchCursor}"`,
    'settings of the debug search': '"settings":{"legDepth":1000,"poolSize":200}',
    'everything with aggregation': '"aggregate":"sum","collapseDuplicates":true,"diversity":0.5,"passagesPerDocument":100',
  };
}
