import type { Side } from './identifierAttack.ts';
import { commonQuery } from './holdings.ts';
import type { Session } from './session.ts';

const volatile = /"(tookMs|timings|cached|lastUsedAt)":(?:\{[^}]*\}|true|false|null|"[^"]*"|[\d.e-]+),?/g;

/** All that the victim can see of its own things, to be compared before and after. */
export async function stateOf({ call, holdings: { identifiers } }: Side): Promise<Map<string, string>> {
  const paths = [
    ...['/v1/documents?limit=1000', '/v1/documents?limit=1000&deleted=true', '/v1/jobs?limit=1000', '/v1/sources', '/v1/deletions', '/v1/sweeps', '/v1/consistency/audits', '/v1/keys', '/v1/dead-letters', '/v1/dead-letters/summary', '/v1/search/synonyms', '/v1/search/settings', '/v1/retention'],
    ...[identifiers.job, identifiers.restingJob, identifiers.failedJob].map((job) => `/v1/jobs/${job}/documents`),
    ...[identifiers.document, identifiers.labelledDocument].flatMap((document) => [`/v1/documents/${document}/history`, `/v1/documents/${document}/artifacts/text`]),
    `/v1/sources/${identifiers.source}/schedule`, '/v1/suggest?q=lan&limit=20',
  ];
  const state = new Map<string, string>();
  for (const path of paths) state.set(`GET ${path}`, (await call({ method: 'GET', path })).text.replaceAll(volatile, ''));
  for (const mode of ['hybrid', 'dense', 'sparse']) {
    const body = JSON.stringify({ query: commonQuery, mode, limit: 100, explain: true, facets: ['tags', 'metadata.owner'] });
    state.set(`POST /v1/search/debug, ${mode}`, (await call({ method: 'POST', path: '/v1/search/debug', body })).text.replaceAll(volatile, ''));
  }
  return state;
}

export function reportChanges(session: Session, before: ReadonlyMap<string, string>, after: ReadonlyMap<string, string>): void {
  for (const [name, answer] of before) {
    const now = after.get(name) ?? '';
    if (now === answer) continue;
    const at = [...answer].findIndex((letter, place) => letter !== now[place]);
    session.leak({ route: name, attack: 'unchanged: the victim’s things after all attacks', what: `"${answer.slice(Math.max(0, at - 80), at + 80)}" became "${now.slice(Math.max(0, at - 80), at + 80)}"` });
  }
}
