import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { runCli } from '../../../src/cli/main.ts';
import { newIdentifier } from '../../../src/contracts/identifiers.ts';
import type { Job } from '../../../src/contracts/jobs.ts';
import type { RegisteredSource } from '../../../src/contracts/sources.ts';
import { publishDocument } from '../../support/api/publishDocument.ts';
import { startRegistryApi } from '../../support/api/registryApi.ts';
import type { Caller, RegistryApi } from '../../support/api/registryApi.ts';
import { signToken } from '../../support/api/runningApi.ts';
import { capturedContext } from '../../support/capturedContext.ts';
import type { CapturedContext, CapturedOptions } from '../../support/capturedContext.ts';
import { acceptJob, failed, succeeded } from '../../support/registryJobs.ts';

let api: RegistryApi;
let call: Caller;
let token: string;
let tenant: string;
let folder: string;
let number = 0;

beforeAll(async () => {
  api = await startRegistryApi();
  folder = await mkdtemp(join(tmpdir(), 'catalyst-cli-'));
}, 600_000);
afterAll(async () => {
  await api.close();
  await rm(folder, { recursive: true });
});
beforeEach(async () => {
  tenant = `cli-${(number += 1)}`;
  token = await signToken({ tenant, sub: 'ada' });
  call = await api.as(tenant);
});

type Ran = CapturedContext & { readonly exitCode: number };

async function catalyst(commandLine: readonly string[], options: CapturedOptions = {}): Promise<Ran> {
  const context = capturedContext({ environment: { CATALYST_URL: api.url, CATALYST_TOKEN: token }, workingDirectory: folder, ...options });
  return { ...context, exitCode: await runCli(commandLine, context) };
}

async function json<Value>(...commandLine: string[]): Promise<Value> {
  const { out, error, exitCode } = await catalyst([...commandLine, '--json']);
  expect([exitCode, error()]).toEqual([0, '']);
  return JSON.parse(out()) as Value;
}

async function text(...commandLine: string[]): Promise<string> {
  const { out, error, exitCode } = await catalyst(commandLine);
  expect([exitCode, error()]).toEqual([0, '']);
  return out();
}

const accept = (documents = 1) => acceptJob(api.database, tenant, documents);

async function finish(jobId: string, ...results: ReturnType<typeof succeeded>[]): Promise<string> {
  await api.jobs.markJobRunning(tenant, jobId);
  await api.jobs.finishDocuments(tenant, jobId, results);
  await api.jobs.finishJob(tenant, jobId);
  return jobId;
}

const update = (statement: ReturnType<typeof sql>) => api.database.withTenant(tenant, (transaction) => statement.execute(transaction));

describe('what is not valid', () => {
  const id = '0198c0de-0000-7000-8000-000000000000';
  it.each<[string[], RegExp]>([
    [['pause', 'x'], /must be an identifier/], [['concurrency', id, 'many'], /whole number from 1 to 1000/], [['concurrency', id, '0'], /whole number/], [['approve', id], /--no-budget/],
    [['approve', id, '--tokens', '5', '--no-budget'], /either/], [['approve', id, '--cost', '-1'], /above 0/], [['retry', id, '--code', 'NOPE'], /no such code/], [['retry', id, '--index', '-1'], /whole number/],
    [['dead-letters', 'replay', '--document', 'x'], /job and the index/], [['dead-letters', 'list', '--job', 'x'], /identifier/],
    [['crawl'], /exactly one of/], [['crawl', 'example.com'], /http or https/], [['crawl', 'https://a.example', '--feed', 'https://b.example'], /exactly one of/], [['crawl', 'https://a.example', '--website', 'https://b.example'], /once/],
    [['crawl', '--feed', 'https://a.example', '--depth', '3'], /--depth goes with --website, not with --feed/], [['crawl', 'https://a.example', '--prefix', 'x'], /--prefix goes with --bucket/], [['crawl', '--feed', 'https://a.example', '--ignore-query'], /--ignore-query goes with/],
    [['crawl', 'https://a.example', '--include', 'https://a.example/docs/**'], /leave out the scheme/], [['crawl', 'https://a.example', '--depth', '51'], /from 0 to 50/], [['crawl', 'https://a.example', '--sitemaps', 'maybe'], /Allowed choices/],
    [['source', 'add', 'X', '--feed', 'https://a.example', '--cron', '0 25 * * *'], /The hour "25"/], [['source', 'add', 'X', '--feed', 'https://a.example', '--every', '5s'], /from 10s/], [['source', 'add', 'X', '--feed', 'https://a.example', '--every', 'often'], /its unit/],
    [['source', 'add', 'X', '--feed', 'https://a.example', '--timezone', 'UTC'], /go with --cron or --every/], [['source', 'change', id, '--no-schedule', '--every', '6h'], /goes without/], [['source', 'change', id, '--depth', '2'], /exactly one of/], [['source', 'add', '--feed', 'https://a.example'], /missing required argument 'name'/], [['source', 'backfill', id, '--from', 'monday', '--to', '2026-01-01'], /a day or a time/],
    [['source', 'backfill', id, '--from', '2026-01-01'], /--to/], [['delete'], /Give documents, or --source, or --everything/], [['delete', '--everything'], /--yes/], [['delete', id, '--everything', '--yes'], /Give documents, or/], [['delete', 'x'], /identifier/],
    [['document', 'artifact', id, 'thumbnail'], /Allowed choices/], [['document', 'history', 'x'], /identifier/], [['retention', '--uploads', 'soon'], /whole number of days, or "ever"/], [['jobs', '--source', 'x'], /identifier/], [['deletion', 'x'], /identifier/],
  ])('%j ends with 2 and says why, before anything is sent', async (commandLine, reason) => {
    const { exitCode, error, out } = await catalyst(commandLine, { environment: { CATALYST_URL: 'http://127.0.0.1:9', CATALYST_TOKEN: 'x' } });
    expect([exitCode, out()]).toEqual([2, '']);
    expect(error()).toMatch(reason);
  });

  it.each([['pause'], ['resume'], ['cancel'], ['retry'], ['deletion'], ['job']])('%s of what is not there ends with 1', async (command) => {
    const { exitCode, error } = await catalyst([command, id]);
    expect(exitCode).toBe(1);
    expect(error()).toContain('(NOT_FOUND)');
  });
});

describe('steering', () => {
  it('pauses, resumes, changes, approves and cancels, in words and as JSON', async () => {
    const jobId = await accept(2);
    expect(await text('pause', jobId)).toBe(`Job ${jobId}: queued, 0 of 2 documents done\n  paused: ada paused the job. Resume it to go on.\n`);
    expect(await json<Job>('resume', jobId)).toMatchObject({ id: jobId, pause: null });
    expect(await text('concurrency', jobId, '4')).toContain('4 at once');
    expect((await json<Job>('concurrency', jobId, 'default')).concurrency).toBeNull();
    expect((await json<Job>('approve', jobId, '--tokens', '1000', '--cost', '2.5')).budget).toEqual({ maximumTokens: 1000, maximumCost: 2.5 });
    expect((await json<Job>('approve', jobId, '--no-budget')).budget).toBeNull();
    expect(await text('cancel', jobId, '--undo')).toContain('cancelled by ada (undo)');
    const refused = await catalyst(['pause', jobId]);
    expect([refused.exitCode, refused.error()]).toEqual([1, expect.stringContaining('is being cancelled (JOB_NOT_RUNNING)') as string]);
  });

  it('retries', async () => {
    const jobId = await finish(await accept(3), succeeded(0), failed(1), failed(2, 'FETCH_FAILED'));
    expect(await json('retry', jobId, '--code', 'fetch_failed')).toEqual({ documents: 1 });
    expect(await text('retry', jobId, '--index', '1')).toBe(`1 document queued again. To watch: catalyst job ${jobId} --watch\n`);
    expect(await text('retry', jobId)).toBe('No failed document fits.\n');
  });

  it('lists jobs', async () => {
    expect(await text('jobs')).toBe('No jobs.\n');
    const one = await accept();
    const two = await finish(await accept(2), succeeded(0), failed(1));
    await call('POST', `/v1/jobs/${one}/pause`);
    expect((await text('jobs')).split('\n').map((line) => line.slice(0, 50).replaceAll(/ +/g, ' ').trim())).toEqual([expect.stringMatching(/^job state/) as string, `${two} partial`, `${one} paused`, '']);
    expect((await json<Job[]>('jobs', '--limit', '1')).map(({ id }) => id)).toEqual([two]);
  });
});

describe('watching', () => {
  it('says why a job rests and how it goes on, shows its progress, and ends with it', async () => {
    const jobId = await accept(2);
    await call('POST', `/v1/jobs/${jobId}/pause`);
    setTimeout(() => void call('POST', `/v1/jobs/${jobId}/resume`), 800);
    setTimeout(() => void finish(jobId, succeeded(0), failed(1)), 2_600);
    const { exitCode, error, out } = await catalyst(['job', jobId, '--watch'], { terminal: true });
    expect(exitCode).toBe(3);
    expect(error().match(/is paused/g)).toHaveLength(1);
    expect(error()).toContain(`Job ${jobId} is paused: tester paused the job. To go on: catalyst resume ${jobId}\n`);
    expect(error()).toContain('0/2 documents  0 %  paused: request');
    expect(out()).toContain('partial');
  });

  it('tells a budget that is used up by the command that lifts it', async () => {
    const jobId = await accept();
    await update(sql`update jobs set pause = ${JSON.stringify({ reason: 'budget', detail: 'The budget of 5 tokens is used up.', remedy: 'Approve.', by: null, since: new Date().toISOString() })} where id = ${jobId}`);
    const controller = new AbortController();
    const { exitCode, error } = await catalyst(['job', jobId, '--watch'], { signal: controller.signal, onError: (written) => { if (written.includes('is paused')) controller.abort(); } });
    expect(exitCode).toBe(130);
    expect(error()).toContain(`To go on: catalyst approve ${jobId} --tokens N (or --cost, --no-budget)`);
    expect(error()).toContain(`The job goes on. To watch it again: catalyst job ${jobId} --watch`);
  });
});

describe('crawl and sources', () => {
  it('hand over what was said', async () => {
    const accepted = await json<{ jobId: string }>('crawl', 'https://example.com/docs/', '--include', '/docs/**', '--exclude', '/docs/old/**', '--depth', '2', '--most', '50', '--sitemaps', 'skip', '--subdomains', '--ignore-query', '--tag', 'docs', '--metadata', 'year=2026', '--policy', 'staff', '--budget-tokens', '100', '--concurrency', '2', '--dry-run', '--no-wait');
    expect(await call<Job>('GET', `/v1/jobs/${accepted.jobId}`)).toMatchObject({ body: { dryRun: true, budget: { maximumTokens: 100 }, concurrency: 2 } });
    const row = await update(sql`select source from jobs where id = ${accepted.jobId}`);
    expect(row.rows[0]).toMatchObject({
      source: {
        definition: { type: 'website', url: 'https://example.com/docs/', include: ['/docs/**'], exclude: ['/docs/old/**'], maximumDepth: 2, maximumDocuments: 50, sitemap: 'skip', subdomains: true, ignoreQuery: true },
        attributes: { tags: ['docs'], metadata: { year: 2026 }, policies: ['staff'] },
      },
    });
    expect(await text('crawl', '--page', 'https://example.com/a', '--page', 'https://example.com/b', '--no-wait')).toMatch(/^Job .* is accepted\. To watch: catalyst job .* --watch\n$/);
  });

  it('are registered, shown, listed, run, paused, made up for and removed', async () => {
    expect(await text('source')).toBe('No sources. To add one: catalyst source add NAME --website ADDRESS\n');
    const added = await text('source', 'add', 'Handbook', '--website', 'https://example.com/handbook/', '--cron', '0 3 * * *', '--timezone', 'Europe/Berlin', '--jitter', '10m', '--overlap', 'bufferOne', '--delete-missing');
    const id = /^Source (\S+): Handbook\n/.exec(added)?.[1] ?? '';
    expect(added).toContain('  0 documents; missing ones are deleted\n  runs: 0 3 * * *\n');
    expect(added).toContain(`To read it now: catalyst source run ${id}\n`);
    expect(await json<RegisteredSource & { scheduleState: unknown }>('source', 'show', id)).toMatchObject({ onMissing: 'delete', schedule: { timezone: 'Europe/Berlin', jitterSeconds: 600, overlap: 'bufferOne' }, scheduleState: { paused: false } });
    expect(await text('source', 'show', id)).toContain('  next 2030-01-01T03:00:00.000Z\n');
    expect(await text('source', 'pause', id)).toContain('0 3 * * * (paused)');
    expect((await json<RegisteredSource>('source', 'resume', id)).paused).toBe(false);
    const changed = await json<RegisteredSource>('source', 'change', id, '--every', '6h', '--on-missing', 'keep', '--tag', 'kept');
    expect(changed).toMatchObject({ name: 'Handbook', onMissing: 'keep', schedule: { everySeconds: 21_600, timezone: 'UTC' }, definition: { type: 'website', url: 'https://example.com/handbook/' }, attributes: { tags: ['kept'] } });
    expect(await json<RegisteredSource>('source', 'change', id, '--no-schedule', '--name', 'Guide')).toMatchObject({ name: 'Guide', schedule: null, attributes: { tags: ['kept'] } });
    expect(await json<RegisteredSource>('source', 'change', id, '--website', 'https://example.com/handbook/', '--depth', '2', '--cron', '0 3 * * *')).toMatchObject({ definition: { maximumDepth: 2 }, schedule: { cron: ['0 3 * * *'] } });
    expect(await text('source', 'backfill', id, '--from', '2026-01-01', '--to', '2026-01-03T12:00:00+01:00')).toBe('The runs are requested.\n');
    expect(api.schedules.backfills.at(-1)).toEqual({ sourceId: id, span: { from: '2026-01-01T00:00:00Z', to: '2026-01-03T12:00:00+01:00' } });
    const { jobId } = await json<{ jobId: string }>('source', 'run', id, '--no-wait');
    expect(await text('source', 'list')).toContain('https://example.com/handbook/');
    expect(await text('jobs', '--source', id)).toContain(jobId);
    expect(await text('source', 'remove', id, '--documents')).toMatch(/^The source is removed\. Its documents are being deleted: catalyst deletion /);
    const feed = await json<RegisteredSource>('source', 'add', 'News', '--feed', 'https://example.com/feed.xml', '--every', '15m');
    expect(feed.schedule).toMatchObject({ everySeconds: 900 });
    expect(await json('source', 'remove', feed.id)).toBeNull();
  });

  it('print the reason of what the API refuses', async () => {
    const { exitCode, error } = await catalyst(['crawl', 'http://10.0.0.1/']);
    expect(exitCode).toBe(2);
    expect(error()).toContain('/definition/url: The address is private or reserved');
  });
});

describe('dead letters', () => {
  it('are summed up, listed and replayed', async () => {
    expect(await text('dead-letters')).toBe('No dead letters.\n');
    const jobId = await finish(await accept(3), failed(0), failed(1), failed(2, 'FETCH_FAILED', 'The site answers 502.'));
    expect(await text('dead-letters')).toMatch(/^3 documents failed for good:\n {6}2 {2}EMPTY_DOCUMENT: .*\(1 job\)\n {9}Send text\.\n {6}1 {2}FETCH_FAILED/);
    expect(await text('dead-letters', 'list', '--code', 'FETCH_FAILED')).toBe(`${jobId}#2  id:2  FETCH_FAILED  round 1  The site answers 502.\n`);
    expect(await json<unknown[]>('dead-letters', 'list', '--job', jobId, '--limit', '2')).toHaveLength(2);
    expect(await text('dead-letters', 'replay', '--document', `${jobId}#2`)).toBe(`1 document queued again in 1 job.\n  catalyst job ${jobId} --watch\n`);
    expect(await json('dead-letters', 'replay', '--code', 'EMPTY_DOCUMENT', '--job', jobId)).toEqual({ documents: 2, jobs: [jobId] });
    expect(await text('dead-letters', 'replay')).toBe('No dead letter fits.\n');
  });
});

describe('documents', () => {
  it('are listed and told of', async () => {
    expect(await text('document')).toBe('No documents.\n');
    const { documentId, versionId, jobId } = await publishDocument(api, tenant, 'a', 'one');
    expect(await text('document', 'list')).toMatch(new RegExp(`^document .*\n${documentId} {2}Title of a {2}a +2 {2}`));
    expect(await json<unknown[]>('document', 'list', '--deleted')).toEqual([]);
    const history = await text('document', 'history', documentId);
    expect(history).toContain(`version ${versionId}: 2 chunks, 500,000 tokens, cost 1.000000, visible; by tester, job ${jobId}\n`);
    expect(history).toContain(`request by tester: succeeded (created), job ${jobId}\n`);
    expect(await json<{ versions: unknown[] }>('document', 'history', documentId)).toMatchObject({ versions: [{ id: versionId }] });
  });

  it('give out their artifacts, to a file only as a whole', async () => {
    const { documentId } = await publishDocument(api, tenant, 'a', 'precious');
    expect(await text('document', 'artifact', documentId, 'raw')).toBe('raw precious');
    await text('document', 'artifact', documentId, 'raw', '--output', 'raw.bin');
    expect(await text('document', 'link', documentId, 'raw', '--expires', '60')).toMatch(/^curl -H 'Range: bytes=\d+-\d+' 'https:\/\/store\.test\/\S+seconds=60' {3}# until \d{4}-\S+Z\n$/);
    expect((await catalyst(['document', 'link', documentId, 'raw', '--expires', '301'])).exitCode).toBe(2);
    expect(await readFile(join(folder, 'raw.bin'), 'utf8')).toBe('raw precious');
    expect(await catalyst(['document', 'artifact', documentId, 'raw'], { terminal: true })).toMatchObject({ exitCode: 2 });
    expect(await catalyst(['document', 'artifact', documentId, 'text'], { terminal: true })).toMatchObject({ exitCode: 0 });
    expect((await catalyst(['document', 'artifact', documentId, 'raw', '--output', 'no/such/folder'])).exitCode).toBe(2);
    for (const bytes of api.artifacts.objects.values()) if (Buffer.from(bytes).includes('precious')) bytes.set(Buffer.from('X'), 0);
    expect((await catalyst(['document', 'artifact', documentId, 'raw', '--output', 'raw.bin'])).exitCode).toBe(4);
    expect(await readFile(join(folder, 'raw.bin'), 'utf8')).toBe('raw precious');
    expect(await readdir(folder)).toEqual(['raw.bin']);
  });

  it('are deleted with a receipt', async () => {
    const { documentId } = await publishDocument(api, tenant, 'a', 'one');
    const accepted = await json<{ id: string; state: string }>('delete', documentId, '--no-wait');
    expect(accepted.state).toBe('queued');
    expect(await text('deletion', accepted.id)).toBe(`Deletion ${accepted.id}: queued, 0 documents\nTo look again: catalyst deletion ${accepted.id}\n`);
    const holdings = { documents: 1, versions: 1, points: 2, artifacts: 5, bytes: 60 };
    const nothing = { documents: 0, versions: 0, points: 0, artifacts: 0, bytes: 0 };
    const receipt = { before: holdings, after: nothing, sharedArtifacts: 1, removed: `sha256:${'0'.repeat(64)}`, digest: `sha256:${'1'.repeat(64)}` };
    setTimeout(() => void update(sql`update deletions set state = 'finished', documents = 1, finished_at = now(), receipt = ${JSON.stringify(receipt)} where request ? 'everything'`), 500);
    const all = await text('delete', '--everything', '--yes');
    expect(all).toMatch(/^Deletion \S+: finished, 1 document\n/);
    expect(all).toMatch(/ {2}points +2 +0\n/);
    expect(all).toContain(`  1 artifact stays: other documents have the same content\n  receipt sha256:${'1'.repeat(64)}\n`);
  });

  it('are deleted on, when nobody waits any more', async () => {
    const { documentId } = await publishDocument(api, tenant, 'a', 'one');
    const controller = new AbortController();
    setTimeout(() => controller.abort(), 500);
    const { exitCode, error } = await catalyst(['delete', documentId], { signal: controller.signal });
    expect([exitCode, error()]).toEqual([130, expect.stringMatching(/^The deletion goes on\. To look again: catalyst deletion \S+\n$/)]);
  });
});

describe('retention', () => {
  it('is shown, set in part, and swept', async () => {
    expect(await text('retention')).toBe('replaced versions    30 days\nleft by failed runs  7 days\nsearchable history   none\nunused uploads       30 days\nfinished jobs        365 days\nevents and reports   90 days\n');
    expect(await json('retention', '--replaced-versions', 'ever', '--uploads', '0', '--jobs', '400', '--logs', 'ever')).toEqual({ replacedVersionDays: null, failedArtifactDays: 7, searchableHistoryDays: 0, uploadDays: 0, jobDays: 400, logDays: null });
    expect(await json('retention', '--searchable-history', '14')).toMatchObject({ searchableHistoryDays: 14, uploadDays: 0 });
    expect(await text('retention')).toContain('for ever');
    // What is only shown is chosen by nobody: the policy of the tenant may bound it for a while.
    expect((await api.database.withTenant(tenant, (transaction) => transaction.selectFrom('retention_policies').select('policy').executeTakeFirstOrThrow())).policy).toEqual({ replacedVersionDays: null, searchableHistoryDays: 14, uploadDays: 0, jobDays: 400, logDays: null });
    const swept = { objects: 3, bytes: 4096 };
    const report = { looked: swept, orphans: swept, replacedVersions: { objects: 0, bytes: 0 }, uploads: { objects: 0, bytes: 0 }, erasedRanges: 1, examples: ['s3://catalyst/x'] };
    setTimeout(() => void update(sql`update sweeps set state = 'finished', finished_at = now(), report = ${JSON.stringify(report)}`), 400);
    const dry = await text('sweep');
    expect(dry).toMatch(/^Sweep \S+: finished \(dry run: nothing was removed\)\n/);
    expect(dry).toMatch(/left by failed runs +3 +4,096\n/);
    setTimeout(() => void update(sql`update sweeps set state = 'failed', finished_at = now() where not dry_run`), 400);
    expect((await catalyst(['sweep', '--remove', '--json'])).exitCode).toBe(1);
  });
});

describe('help', () => {
  it('has every command, each with help of its own', async () => {
    const { out } = await catalyst(['--help']);
    const commands = [...out().matchAll(/^ {2}([a-z-]+) .*/gm)].map((match) => match[1] ?? '').filter((name) => !name.startsWith('-') && name !== 'help');
    expect(commands).toEqual(expect.arrayContaining(['ingest', 'crawl', 'source', 'jobs', 'job', 'pause', 'resume', 'cancel', 'approve', 'concurrency', 'retry', 'dead-letters', 'search', 'document', 'delete', 'deletion', 'retention', 'sweep', 'status', 'suggest', 'synonyms', 'search-settings', 'vault']));
    for (const command of commands) {
      const help = await catalyst([command, '--help']);
      expect([command, help.exitCode, help.out().startsWith(`Usage: catalyst ${command}`)]).toEqual([command, 0, true]);
    }
  });

  it('names the identifier of nothing that is missing', async () => {
    expect((await catalyst(['job', newIdentifier()])).error()).toContain('There is no job');
  });
});
