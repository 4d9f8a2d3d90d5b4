import { setTimeout as sleep } from 'node:timers/promises';
import { callJson } from './caller.ts';
import type { Call } from './caller.ts';

/** One of each kind of thing that a tenant can have, by its identifiers. */
export interface Holdings {
  readonly tenant: string;
  readonly identifiers: {
    readonly job: string;
    readonly restingJob: string;
    readonly failedJob: string;
    readonly source: string;
    readonly document: string;
    readonly labelledDocument: string;
    readonly deletedDocument: string;
    readonly version: string;
    readonly chunk: string;
    readonly upload: string;
    readonly deletion: string;
    readonly sweep: string;
    readonly consistencyAudit: string;
    readonly key: string;
  };
  readonly artifactUri: string;
  readonly entityTag: string;
  readonly eventId: string;
  readonly searchCursor: string;
  readonly listCursors: readonly string[];
  readonly chosenId: string;
  readonly host: string;
  readonly metadataKey: string;
  readonly metadataValue: string;
  readonly keySecret: string;
  /** Of an entry of personal data that can be brought back. */
  readonly vaultName: string;
  /** Sent with requests whose answers may be kept for a repetition. */
  readonly idempotencyKey: string;
}

export const commonQuery = 'when is the lantern at the quay lit';
export const label = 'board';

/** Documents on one subject, so that the tenants' searches meet; `word` makes the texts that only their owner may read. */
function documentsOf(word: (place: string) => string, uploadId: string): object[] {
  const passage = (place: string) => `The lantern at the quay is lit at dusk by the harbour keeper. The password of the keeper is ${word(place)} and nobody else may know it.`;
  return [
    { id: word('chosen'), title: `Lantern ${word('title')}`, text: `# Lantern ${word('heading')}\n\n${passage('text')} Diagnosis E11.9 was noted.`, mediaType: 'text/markdown', tags: [word('tag'), 'harbour'], metadata: { [word('key')]: word('value'), owner: word('owner'), year: 2024 } },
    { id: word('second'), title: 'Tides at the quay', text: `Spring tides reach the lantern of the quay twice a month. ${passage('tides')}`, tags: ['harbour'], metadata: { owner: word('owner') } },
    { id: word('labelled'), title: `Minutes ${word('boardtitle')}`, text: `The board met at the lantern by the quay and chose ${word('boardtext')} as the new keeper.`, tags: [word('boardtag')], policies: [label] },
    { id: word('doomed'), title: 'To be deleted', text: `An old lantern rule, ${word('deleted')}.` },
    { id: word('letter'), title: 'Letter', text: `Letters for the keeper go to ${word('person')}@keeper.example.` },
    { uploadId, title: `Upload ${word('uploaded')}` },
  ];
}

/** Gives the tenant all of it through the API. The caller must hold the label. */
export async function furnish(call: Call, tenant: string, word: (place: string) => string): Promise<Holdings> {
  await callJson(call, 'PUT', '/v1/search/settings', { redact: ['email'], reversible: true });
  const upload = await uploadFile(call, `${word('file')}.txt`, `A file about the lantern at the quay: ${word('filetext')}.`);
  const broken = await uploadFile(call, `${word('broken')}.pdf`, `this is no PDF but ${word('brokentext')}`);
  const job = await ingest(call, documentsOf(word, upload));
  const failedJob = await ingest(call, [{ uploadId: broken }]);
  await Promise.all([finished(call, job), finished(call, failedJob)]);
  const idempotencyKey = `once-${word('once')}`;
  const once: Call = (request) => call({ ...request, headers: { ...request.headers, 'idempotency-key': idempotencyKey } });
  const restingJob = await ingest(once, [{ id: word('resting'), text: `A job that rests by the quay, ${word('rest')}.` }]);
  await callJson(call, 'POST', `/v1/jobs/${restingJob}/pause`).catch(() => undefined);
  const source = (await callJson<{ id: string }>(once, 'POST', '/v1/sources', { name: word('source'), definition: { type: 'website', url: `https://${word('host')}.example/${word('path')}` }, schedule: { cron: ['0 3 1 1 *'] } })).id;
  const documents = (await callJson<{ documents: { documentId: string; source: { location: string } }[] }>(call, 'GET', `/v1/jobs/${job}/documents`)).documents;
  const documentOf = (place: string) => documents.find(({ source: { location } }) => location === word(place))?.documentId ?? fail(`no document ${place}`);
  const deletion = (await callJson<{ id: string }>(call, 'POST', '/v1/deletions', { documents: [documentOf('doomed')] })).id;
  const sweep = (await callJson<{ id: string }>(call, 'POST', '/v1/sweeps', { dryRun: true })).id;
  const consistencyAudit = (await callJson<{ id: string }>(call, 'POST', '/v1/consistency/audits', { dryRun: true })).id;
  await Promise.all([waitFor(call, `/v1/deletions/${deletion}`), waitFor(call, `/v1/sweeps/${sweep}`), waitFor(call, `/v1/consistency/audits/${consistencyAudit}`)]);
  const issued = await callJson<{ key: { id: string }; secret: string }>(once, 'POST', '/v1/keys', { name: word('keyname'), scopes: ['search:read'], policies: [label] });
  await callJson(call, 'PUT', '/v1/search/synonyms', { groups: [['quay', word('synonym')]] });
  await callJson(call, 'PUT', '/v1/search/settings', { termWeights: { [word('weight')]: 2 }, boosts: { sources: [{ prefix: word('boost'), weight: 0.1 }] }, redact: ['email'], reversible: true });
  await callJson(call, 'PUT', '/v1/retention', { replacedVersionDays: 11, failedArtifactDays: 12, uploadDays: 13 });
  const document = documentOf('chosen');
  const history = await callJson<{ versions: { id: string; artifacts: { kind: string; uri: string }[] }[] }>(call, 'GET', `/v1/documents/${document}/history`);
  const [version] = history.versions;
  const page = await callJson<{ results: { chunk: { id: string } }[]; nextCursor: string | null }>(call, 'POST', '/v1/search', { query: commonQuery, limit: 1 });
  return {
    tenant,
    identifiers: {
      job, restingJob, failedJob, source, document, labelledDocument: documentOf('labelled'), deletedDocument: documentOf('doomed'), version: version?.id ?? fail('no version'),
      chunk: page.results[0]?.chunk.id ?? fail('nothing found'), upload, deletion, sweep, consistencyAudit, key: issued.key.id,
    },
    artifactUri: version?.artifacts.find(({ kind }) => kind === 'raw')?.uri ?? fail('no raw artifact'),
    entityTag: (await call({ method: 'GET', path: `/v1/documents/${document}/artifacts/text` })).headers['etag'] ?? fail('no entity tag'),
    eventId: await lastEventId(call, job),
    searchCursor: page.nextCursor ?? fail('no second page'),
    listCursors: await listCursors(call),
    chosenId: word('chosen'),
    host: `${word('host')}.example`,
    metadataKey: word('key'),
    metadataValue: word('value'),
    keySecret: issued.secret,
    vaultName: await nameInVault(call, documentOf('letter')),
    idempotencyKey,
  };
}

async function nameInVault(call: Call, document: string): Promise<string> {
  const { text } = await call({ method: 'GET', path: `/v1/documents/${document}/artifacts/text` });
  return /\[email#([a-z2-7]{16})\]/.exec(text)?.[1] ?? fail('nothing was redacted');
}

export async function ingest(call: Call, documents: readonly object[]): Promise<string> {
  return (await callJson<{ jobId: string }>(call, 'POST', '/v1/ingest/bulk', { documents })).jobId;
}

const endStates = new Set(['succeeded', 'partial', 'failed', 'cancelled', 'finished']);

export function finished(call: Call, job: string): Promise<void> {
  return waitFor(call, `/v1/jobs/${job}`);
}

async function waitFor(call: Call, path: string): Promise<void> {
  for (let attempt = 0; attempt < 600; attempt += 1) {
    const { state } = await callJson<{ state: string }>(call, 'GET', path);
    if (endStates.has(state)) return;
    await sleep(200);
  }
  throw new Error(`${path} did not end.`);
}

async function uploadFile(call: Call, name: string, text: string): Promise<string> {
  const body = new FormData();
  body.append('file', new Blob([text]), name);
  const answer = await call({ method: 'POST', path: '/v1/uploads', body });
  return (JSON.parse(answer.text) as { uploads: { id: string }[] }).uploads[0]?.id ?? fail(`the upload was answered ${answer.status}`);
}

async function lastEventId(call: Call, job: string): Promise<string> {
  const stream = await call({ method: 'GET', path: `/v1/jobs/${job}/events` });
  return [...stream.text.matchAll(/^id: (\d+)$/gm)].at(-1)?.[1] ?? fail('no event');
}

/** Of lists that are long enough to have a second page. */
async function listCursors(call: Call): Promise<string[]> {
  const pages = await Promise.all(['/v1/jobs', '/v1/documents'].map((path) => callJson<{ next: string | null }>(call, 'GET', `${path}?limit=1`)));
  return pages.map(({ next }) => next ?? fail('no second page'));
}

function fail(reason: string): never {
  throw new Error(`The tenant could not be furnished: ${reason}.`);
}
