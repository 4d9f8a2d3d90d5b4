import { commonQuery } from './holdings.ts';
import type { Side } from './identifierAttack.ts';
import type { Session } from './session.ts';

export interface LabelAttackOptions {
  readonly session: Session;
  readonly holder: Side;
  readonly other: Side['call'];
  /** Of the text of the labelled document. */
  readonly secret: string;
  /** What the document is called. */
  readonly names?: readonly string[];
}

/** Within one tenant: who does not hold the label of a document learns nothing of what it says, also after one who holds it has asked. */
export async function attackLabels({ session, holder, other, secret, names = [] }: LabelAttackOptions): Promise<void> {
  const { labelledDocument, document, job } = holder.holdings.identifiers;
  const hidden = [secret, ...names];
  const words = { query: `who did the board choose as keeper, ${secret.slice(0, 6)}`, limit: 50, explain: true, spelling: true, facets: ['tags'] };
  const requests: [route: string, path: string, body?: object][] = [
    ...['hybrid', 'dense', 'sparse'].map((mode): [string, string, object] => ['POST /v1/search', '/v1/search', { ...words, mode }]),
    ['POST /v1/search', '/v1/search', { ...words, query: commonQuery, filters: { documents: [labelledDocument] } }],
    ['POST /v1/search', '/v1/search', { ...words, filters: { not: { documents: [document] } }, aggregate: 'best' }],
    ['POST /v1/search/batch', '/v1/search/batch', { searches: [words, words] }],
    ['POST /v1/search/debug', '/v1/search/debug', words],
    ['POST /v1/search/similar', '/v1/search/similar', { documentId: document, limit: 50 }],
    ['POST /v1/search/similar', '/v1/search/similar', { documentId: labelledDocument, limit: 50 }],
    ...[2, 5, 12].map((length): [string, string] => ['GET /v1/suggest', `/v1/suggest?q=${secret.slice(0, length)}&limit=20`]),
    ...['raw', 'text', 'chunks', 'manifest'].map((kind): [string, string] => ['GET /v1/documents/{documentId}/artifacts/{kind}', `/v1/documents/${labelledDocument}/artifacts/${kind}`]),
    ['GET /v1/documents', '/v1/documents?limit=1000'],
    ['GET /v1/documents/{documentId}/history', `/v1/documents/${labelledDocument}/history`],
    ['GET /v1/jobs/{jobId}/documents', `/v1/jobs/${job}/documents`],
    ['GET /v1/dead-letters', '/v1/dead-letters'],
  ];
  let seenByHolder = 0;
  for (const [route, path, body] of requests) {
    const request = { method: body === undefined ? 'GET' : 'POST', path, ...(body === undefined ? {} : { body: JSON.stringify(body) }) };
    for (let time = 0; time < 2; time += 1) if ((await holder.call(request)).text.includes(secret)) seenByHolder += 1;
    // The tripwires are the tenant's own here: only the word under the label counts.
    const answer = await other(request);
    for (const word of hidden) if (answer.text.includes(word)) session.leak({ route, attack: 'labels: read without the label', what: answer.text.slice(Math.max(0, answer.text.indexOf(word) - 80), answer.text.indexOf(word) + 80) });
  }
  if (seenByHolder === 0) throw new Error('Nobody sees the labelled document: the attack on labels would prove nothing.');
}
