import { canonicalJson, digestOf } from '../../../src/contracts/identifiers.ts';
import type { RegistryReader } from './registryReader.ts';
import type { Findings } from './snapshot.ts';

export interface RegistryFindings extends Findings {
  readonly documents: number;
  readonly jobs: number;
  /** Version and number of chunks that are visible, by document. */
  readonly visibleVersions: ReadonlyMap<string, { readonly versionId: string; readonly chunks: number }>;
}

interface DocumentRow {
  readonly id: string;
  readonly source_key: string;
  readonly title: string | null;
  readonly version_id: string | null;
  readonly version_digest: string | null;
  readonly chunks: number | null;
  readonly source_id: string | null;
  readonly parent_id: string | null;
  readonly deleted_at: string | null;
  readonly tokens: string | null;
}

interface OutcomeRow {
  readonly job_id: string;
  readonly document_id: string;
  readonly state: string;
  readonly outcome: string | null;
  readonly chunks: number | null;
  readonly pages: number | null;
  readonly lost_pages: readonly number[];
  readonly failure: { readonly code: string; readonly message: string } | null;
}

/** Jobs, documents, versions and events: how each ended, and that each ended once. */
export async function inspectRegistry(reader: RegistryReader): Promise<RegistryFindings> {
  const violations: string[] = [];
  const documents = await reader.read<DocumentRow>(`
    select documents.id, source_key, documents.title, version_id, version_digest, documents.chunks, source, source_id, parent_id, deleted_at, versions.tokens
    from documents left join versions on versions.document_id = documents.id and versions.id = documents.version_id`);
  const outcomes = await reader.read<OutcomeRow>('select job_id, document_id, state, outcome, chunks, pages, lost_pages, failure from job_documents');
  const jobs = await reader.read<{ id: string; state: string; total: number }>('select id, state, total from jobs');
  const facts = new Map<string, string>([
    ...documents.map(({ id, version_id: _versionId, ...row }) => [`document ${id}`, canonicalJson(row)] as const),
    ...outcomeFacts(outcomes, violations),
    ...jobFacts(jobs, outcomes),
  ]);
  violations.push(...(await versionViolations(reader)), ...(await eventViolations(reader)), ...(await outboxViolations(reader)), ...(await tallyViolations(reader)));
  const visible = documents.flatMap(({ id, version_id: versionId, chunks }) => (versionId === null ? [] : [[id, { versionId, chunks: chunks ?? 0 }] as const]));
  return { facts, violations, documents: new Set(outcomes.map((row) => row.document_id)).size, jobs: jobs.length, visibleVersions: new Map(visible) };
}

/** A request that was sent twice makes two jobs: one of them made the document, the other found or followed it. */
function outcomeFacts(rows: readonly OutcomeRow[], violations: string[]): [string, string][] {
  return [...Map.groupBy(rows, (row) => row.document_id)].map(([documentId, requests]) => {
    const made = requests.filter(({ outcome }) => outcome === 'created');
    const succeeded = requests.some(({ state }) => state !== 'failed');
    if (succeeded && made.length !== 1) violations.push(`document ${documentId} was created ${made.length} times`);
    const unfinished = requests.filter(({ state }) => state === 'queued' || state === 'running');
    if (unfinished.length > 0) violations.push(`document ${documentId} is ${unfinished[0]?.state} still`);
    const { chunks, pages, lost_pages: lostPages } = made[0] ?? { chunks: null, pages: null, lost_pages: [] };
    const failures = new Set(requests.flatMap(({ failure }) => (failure === null ? [] : [`${failure.code} ${failure.message}`])));
    return [`outcome of ${documentId}`, canonicalJson({ states: [...new Set(requests.map(({ state }) => state))].sort(), chunks, pages, lostPages, failures: [...failures].sort() })];
  });
}

/** Jobs by the documents they brought, since their ids are random. */
function jobFacts(jobs: readonly { readonly id: string; readonly state: string; readonly total: number }[], outcomes: readonly OutcomeRow[]): [string, string][] {
  const documentsOf = Map.groupBy(outcomes, (row) => row.job_id);
  const keyOf = (jobId: string): string => digestOf(...(documentsOf.get(jobId) ?? []).map((row) => row.document_id).sort()).slice(0, 23);
  const groups = Map.groupBy(jobs, ({ id }) => keyOf(id));
  return [...groups].map(([key, same]) => [`job of documents ${key}`, canonicalJson([...new Set(same.map(({ state, total }) => `${total} documents ${state}`))].sort())]);
}

async function versionViolations(reader: RegistryReader): Promise<string[]> {
  const rows = await reader.read<{ document_id: string; visible: number; current: number; requests: number; versions: number }>(`
    select document_id, count(*)::integer as versions,
      count(*) filter (where replaced_at is null)::integer as visible,
      count(*) filter (where replaced_at is null and exists (select 1 from documents where documents.id = versions.document_id and documents.version_id = versions.id))::integer as current,
      (select count(*)::integer from job_documents where job_documents.document_id = versions.document_id) as requests
    from versions group by document_id`);
  return rows
    .filter((row) => row.visible !== 1 || row.current !== 1 || row.versions > row.requests)
    .map((row) => `document ${row.document_id} has ${row.versions} versions of ${row.requests} requests, ${row.visible} not replaced, ${row.current} of them its visible one`);
}

async function eventViolations(reader: RegistryReader): Promise<string[]> {
  const rows = await reader.read<{ what: string; ends: number }>(`
    select 'document ' || document_id || ' of job ' || job_id as what, (select count(*)::integer from job_events as event
      where event.job_id = job_documents.job_id and event.type = 'document' and event.document_id = job_documents.document_id and event.state not in ('queued', 'running')) as ends
    from job_documents
    union all
    select 'job ' || id, (select count(*)::integer from job_events as event where event.job_id = jobs.id and event.type = 'job' and event.state not in ('queued', 'running')) from jobs`);
  return rows.filter(({ ends }) => ends !== 1).map(({ what, ends }) => `${what} has ${ends} events that tell its end`);
}

async function outboxViolations(reader: RegistryReader): Promise<string[]> {
  const owed = await countOwed(reader);
  return owed === 0 ? [] : [`work_outbox holds ${owed} rows still`];
}

/** What was accepted and is not yet given to Temporal. */
export async function countOwed(reader: RegistryReader): Promise<number> {
  const [row] = await reader.read<{ owed: number }>('select count(*)::integer as owed from work_outbox');
  return row?.owed ?? 0;
}

/** The counts that progress is shown from, against the documents themselves. */
async function tallyViolations(reader: RegistryReader): Promise<string[]> {
  const rows = await reader.read<{ job_id: string }>(`
    with counted as (
      select job_id, state, coalesce(outcome, '') as outcome, coalesce(failure_code, '') as code, count(*) as documents, coalesce(sum(chunks), 0) as chunks from job_documents group by 1, 2, 3, 4
    ), tallied as (
      select job_id, state, outcome, code, sum(documents) as documents, sum(chunks) as chunks from job_tallies group by 1, 2, 3, 4 having sum(documents) <> 0 or sum(chunks) <> 0
    )
    select distinct job_id from ((select * from counted except select * from tallied) union all (select * from tallied except select * from counted)) as differing`);
  return rows.map(({ job_id: jobId }) => `the tallies of job ${jobId} are not those of its documents`);
}
