import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Deletion } from '../../../src/contracts/deletions.ts';
import { CatalystError } from '../../../src/contracts/errors.ts';
import { newIdentifier } from '../../../src/contracts/identifiers.ts';
import type { IngestResponse, Job, JobsPage } from '../../../src/contracts/jobs.ts';
import { registeredSourceSchema, scheduleStateSchema } from '../../../src/contracts/sources.ts';
import type { RegisteredSource, ScheduleState, SourcesPage } from '../../../src/contracts/sources.ts';
import { startRegistryApi } from '../../support/api/registryApi.ts';
import type { Caller, Method, RegistryApi } from '../../support/api/registryApi.ts';
import { startApi } from '../../support/api/runningApi.ts';

let api: RegistryApi;
let call: Caller;
let stranger: Caller;
let tenant: string;
let number = 0;

beforeAll(async () => void (api = await startRegistryApi()), 600_000);
afterAll(() => api.close());
beforeEach(async () => {
  tenant = `sources-${(number += 1)}`;
  call = await api.as(tenant, { sub: 'ada' });
  stranger = await api.as('stranger');
  api.schedules.down = false;
  api.started.length = 0;
});

const handbook = { name: 'Handbook', definition: { type: 'website', url: 'https://example.com/handbook/' }, schedule: { cron: ['0 3 * * *'] } };
const create = async (body: unknown = handbook): Promise<RegisteredSource> => (await call<RegisteredSource>('POST', '/v1/sources', body)).body;
const held = (source: { id: string }) => api.schedules.held.get(`${tenant}/${source.id}`);

describe('a source', () => {
  it('is registered with its schedule, read, replaced and listed', async () => {
    const created = await call<RegisteredSource>('POST', '/v1/sources', handbook);
    const source = registeredSourceSchema.parse(created.body);
    expect([created.status, created.headers.get('location')]).toEqual([201, `/v1/sources/${source.id}`]);
    expect(source).toMatchObject({ name: 'Handbook', onMissing: 'keep', paused: false, documents: 0, lastJob: null, definition: { maximumDepth: 5, include: [] }, schedule: { timezone: 'UTC', overlap: 'skip' } });
    expect(held(source)).toMatchObject({ paused: false, schedule: { cron: ['0 3 * * *'] } });
    expect((await call<RegisteredSource>('GET', `/v1/sources/${source.id}`)).body).toEqual(source);

    const replaced = await call<RegisteredSource>('PUT', `/v1/sources/${source.id}`, { ...handbook, onMissing: 'delete', schedule: null });
    expect([replaced.status, replaced.body.onMissing, held(source)]).toEqual([200, 'delete', undefined]);
    const others = [await create({ ...handbook, name: 'B' }), await create({ ...handbook, name: 'C' })];
    const first = await call<SourcesPage>('GET', '/v1/sources?limit=2');
    const rest = await call<SourcesPage>('GET', `/v1/sources?limit=2&cursor=${first.body.next}`);
    expect([...first.body.sources, ...rest.body.sources].map(({ id }) => id)).toEqual([...others.toReversed(), source].map(({ id }) => id));
    expect(rest.body.next).toBeNull();
    expect((await stranger<SourcesPage>('GET', '/v1/sources')).body.sources).toEqual([]);
  });

  it.each<[string, object, string]>([
    ['an address that is none', { definition: { type: 'website', url: 'handbook' } }, '/definition/url'],
    ['a private address', { definition: { type: 'sitemap', url: 'http://10.0.0.1/sitemap.xml' } }, '/definition/url'],
    ['an address with credentials', { definition: { type: 'feed', url: 'https://a:b@example.com/feed' } }, '/definition/url'],
    ['a private page among others', { definition: { type: 'pages', urls: ['https://example.com/', 'http://localhost/'] } }, '/definition/urls/1'],
    ['no kind of source', { definition: { type: 'blog', url: 'https://example.com/' } }, '/definition/type'],
    ['a pattern that is an address', { definition: { type: 'website', url: 'https://example.com/', include: ['/a/**', 'https://example.com/b/**'] } }, '/definition/include/1'],
    ['a bucket that is not open to the tenant', { definition: { type: 'bucket', bucket: 'secrets' } }, '/definition/bucket'],
    ['a pattern with a space at its end', { definition: { type: 'bucket', bucket: 'files', exclude: ['drafts/** '] } }, '/definition/exclude/0'],
    ['a cron line with an hour too many', { schedule: { cron: ['0 3 * * *', '0 24 * * *'] } }, '/schedule/cron/1'],
    ['a cron line of four fields', { schedule: { cron: ['0 3 * *'] } }, '/schedule/cron/0'],
    ['a cron line that never comes', { schedule: { cron: ['0 0 31 2,4 *'] } }, '/schedule/cron/0'],
    ['an interval that is too short', { schedule: { everySeconds: 9 } }, '/schedule/everySeconds'],
    ['a schedule without times', { schedule: { cron: [] } }, '/schedule'],
    ['a timezone that is none', { schedule: { cron: ['@daily'], timezone: 'Mars/Olympus' } }, '/schedule/timezone'],
    ['a timezone in other letters', { schedule: { cron: ['@daily'], timezone: 'europe/berlin' } }, '/schedule/timezone'],
    ['an offset for a timezone', { schedule: { cron: ['@daily'], timezone: '+01:00' } }, '/schedule/timezone'],
    ['a jitter below nothing', { schedule: { cron: ['@daily'], jitterSeconds: -1 } }, '/schedule/jitterSeconds'],
    ['an unknown field', { schedules: null }, '/schedules'],
    ['a name of spaces', { name: '  ' }, '/name'],
    ['a name that cannot be stored', { name: 'a\0b' }, '/name'],
  ])('with %s is refused, named by a pointer, also where one is replaced', async (_what, change, pointer) => {
    const created = await call('POST', '/v1/sources', { ...handbook, ...change });
    expect([created.status, created.body.code, created.body.errors?.map((problem) => problem.pointer)]).toEqual([422, 'INVALID_REQUEST', [pointer]]);
    const source = await create();
    expect((await call('PUT', `/v1/sources/${source.id}`, { ...handbook, ...change })).body.errors?.[0]?.pointer).toBe(pointer);
    expect((await call<RegisteredSource>('GET', `/v1/sources/${source.id}`)).body.name).toBe('Handbook');
    expect((await call<SourcesPage>('GET', '/v1/sources')).body.sources).toHaveLength(1);
  });

  it('takes the timezones of the world', async () => {
    for (const timezone of ['UTC', 'Europe/Berlin', 'America/Argentina/Buenos_Aires', 'Etc/GMT+5', 'Asia/Kolkata', 'US/Eastern']) expect((await call('POST', '/v1/sources', { ...handbook, schedule: { cron: ['@daily'], timezone } })).status).toBe(201);
  });

  it('is not there where its schedule could not be made, so that a second try makes one', async () => {
    api.schedules.down = true;
    expect((await call('POST', '/v1/sources', handbook)).body).toMatchObject({ status: 503, code: 'WORKFLOWS_UNAVAILABLE' });
    expect((await call<SourcesPage>('GET', '/v1/sources')).body.sources).toEqual([]);
  });

  const foreign: readonly [Method, string, unknown][] = [
    ['GET', '', undefined], ['PUT', '', handbook], ['DELETE', '', undefined], ['DELETE', '?documents=delete', undefined], ['POST', '/runs', undefined], ['GET', '/schedule', undefined],
    ['POST', '/pause', undefined], ['POST', '/resume', undefined], ['POST', '/backfill', { from: '2026-01-01T00:00:00Z', to: '2026-01-02T00:00:00Z' }],
  ];
  it.each(foreign)('of another tenant is as unknown to %s %s as one that never was', async (method, path, body) => {
    const source = await create();
    const missing = newIdentifier();
    const [theirs, unknown] = [await stranger(method, `/v1/sources/${source.id}${path}`, body), await stranger(method, `/v1/sources/${missing}${path}`, body)];
    expect([theirs.status, theirs.body.detail]).toEqual([404, unknown.body.detail.replace(missing, source.id)]);
    expect((await call(method, `/v1/sources/nonsense${path}`, body)).status).toBe(422);
    expect((await call<RegisteredSource>('GET', `/v1/sources/${source.id}`)).body).toEqual(source);
    expect([held(source)?.paused, api.started, api.schedules.backfills]).toEqual([false, [], []]);
  });
});

describe('the runs of a source', () => {
  it('are jobs, begun by hand with options', async () => {
    const source = await create({ ...handbook, attributes: { tags: ['hr'] }, onMissing: 'delete' });
    const run = await call<IngestResponse>('POST', `/v1/sources/${source.id}/runs`, { budget: { maximumTokens: 100 }, concurrency: 4, dryRun: true });
    expect([run.status, run.headers.get('location'), api.started.map(({ id }) => id)]).toEqual([202, `/v1/jobs/${run.body.jobId}`, [run.body.jobId]]);
    expect((await call<Job>('GET', run.body.links.job)).body).toMatchObject({ sourceId: source.id, dryRun: true, concurrency: 4, budget: { maximumTokens: 100 }, discovery: { state: 'running', found: 0 } });
    expect((await call<RegisteredSource>('GET', `/v1/sources/${source.id}`)).body.lastJob).toMatchObject({ id: run.body.jobId, state: 'queued' });
    expect((await call<IngestResponse>('POST', `/v1/sources/${source.id}/runs`)).status).toBe(202);
    expect((await call<JobsPage>('GET', `/v1/jobs?sourceId=${source.id}`)).body.jobs).toHaveLength(2);
    expect((await call('POST', `/v1/sources/${source.id}/runs`, { dryrun: true })).status).toBe(422);
  });

  it('follow its schedule, which rests and goes on', async () => {
    const source = await create();
    expect((await call<RegisteredSource>('POST', `/v1/sources/${source.id}/pause`)).body).toMatchObject({ paused: true, name: 'Handbook' });
    expect((await call<RegisteredSource>('POST', `/v1/sources/${source.id}/pause`)).body.paused).toBe(true);
    expect(scheduleStateSchema.parse((await call('GET', `/v1/sources/${source.id}/schedule`)).body).paused).toBe(true);
    expect((await call<RegisteredSource>('POST', `/v1/sources/${source.id}/resume`)).body.paused).toBe(false);
    expect(held(source)?.paused).toBe(false);
  });

  it('are asked of the schedule again where it got lost on the way', async () => {
    const source = await create();
    api.schedules.held.clear();
    expect((await call<ScheduleState>('GET', `/v1/sources/${source.id}/schedule`)).body.nextRuns).toHaveLength(1);
    expect(held(source)).toBeDefined();
  });

  it('have no schedule where the source has none', async () => {
    const source = await create({ ...handbook, schedule: null });
    expect((await call('GET', `/v1/sources/${source.id}/schedule`)).body).toMatchObject({ status: 404, detail: `The source ${source.id} has no schedule.` });
    expect((await call('POST', `/v1/sources/${source.id}/backfill`, { from: '2026-01-01T00:00:00Z', to: '2026-01-02T00:00:00Z' })).status).toBe(404);
  });

  it('of the past are made up for', async () => {
    const source = await create();
    const span = { from: '2026-01-01T00:00:00Z', to: '2026-02-01T00:00:00+01:00' };
    expect((await call('POST', `/v1/sources/${source.id}/backfill`, span)).status).toBe(202);
    expect(api.schedules.backfills.splice(0)).toEqual([{ sourceId: source.id, span }]);
  });

  it.each<[string, object, object, string]>([
    ['ends before it begins', {}, { from: '2026-01-02T00:00:00Z', to: '2026-01-01T00:00:00Z' }, '/to'],
    ['is empty', {}, { from: '2026-01-02T00:00:00Z', to: '2026-01-02T00:00:00Z' }, '/to'],
    ['lies in the future', {}, { from: '2026-01-02T00:00:00Z', to: '2090-01-02T00:00:00Z' }, '/to'],
    ['holds too many runs', { schedule: { everySeconds: 60 } }, { from: '2026-01-01T00:00:00Z', to: '2026-01-02T00:00:00Z' }, '/from'],
    ['holds too many runs by cron', { schedule: { cron: ['*/5 * * * *'] } }, { from: '2026-01-01T00:00:00Z', to: '2026-01-08T00:00:00Z' }, '/from'],
    ['has no end', {}, { from: '2026-01-02T00:00:00Z' }, '/to'],
    ['is no time', {}, { from: 'yesterday', to: '2026-01-02T00:00:00Z' }, '/from'],
  ])('are not made up for in a span that %s', async (_what, change, span, pointer) => {
    const source = await create({ ...handbook, ...change });
    const refused = await call('POST', `/v1/sources/${source.id}/backfill`, span);
    expect([refused.status, refused.body.errors?.map((problem) => problem.pointer), api.schedules.backfills]).toEqual([422, [pointer], []]);
  });

  it('are not changed while the workflow service is away', async () => {
    const source = await create();
    api.schedules.down = true;
    for (const [method, path] of [['GET', '/schedule'], ['POST', '/pause'], ['DELETE', '']] as const) expect((await call(method, `/v1/sources/${source.id}${path}`)).body.code).toBe('WORKFLOWS_UNAVAILABLE');
    expect((await call<RegisteredSource>('GET', `/v1/sources/${source.id}`)).status).toBe(200);
  });
});

describe('removing a source', () => {
  it('keeps its documents, and ends its schedule', async () => {
    const source = await create();
    const removed = await call<undefined>('DELETE', `/v1/sources/${source.id}`);
    expect([removed.status, removed.body, held(source)]).toEqual([204, undefined, undefined]);
    expect((await call('DELETE', `/v1/sources/${source.id}`)).status).toBe(404);
  });

  it('deletes its documents where it should: runs in work are cancelled first', async () => {
    const source = await create();
    const { jobId } = (await call<IngestResponse>('POST', `/v1/sources/${source.id}/runs`)).body;
    const removed = await call<Deletion>('DELETE', `/v1/sources/${source.id}?documents=delete`);
    expect([removed.status, removed.headers.get('location')]).toEqual([202, `/v1/deletions/${removed.body.id}`]);
    expect(removed.body).toMatchObject({ request: { sourceId: source.id }, state: 'queued', subject: 'ada', reason: 'request', receipt: null });
    expect((await call<Job>('GET', `/v1/jobs/${jobId}`)).body.cancellation).toMatchObject({ mode: 'keep', by: 'ada' });
    expect(api.started.map(({ kind }) => kind)).toEqual(['job', 'job', 'deletion']);
    expect((await call('DELETE', `/v1/sources/${source.id}?documents=perhaps`)).status).toBe(422);
  });
});

describe('an outage of the registry', () => {
  it('is answered as one, and never as an empty list', async () => {
    const down = () => Promise.reject(new CatalystError('REGISTRY_UNAVAILABLE', 'Postgres does not answer.'));
    const away = await startApi({ sources: { list: down, find: down, create: down, update: down, remove: down } });
    for (const path of ['/v1/sources', `/v1/sources/${newIdentifier()}`]) expect(await (await away.fetch(path)).json()).toMatchObject({ status: 503, code: 'REGISTRY_UNAVAILABLE' });
    await away.close();
  });
});

describe('a tenant that deletes everything', () => {
  it('ends the schedules of its sources, so that nothing is read again', async () => {
    const { body: source } = await call<{ id: string }>('POST', '/v1/sources', { name: 'Ends', definition: { type: 'feed', url: 'https://example.org/ends.xml' }, schedule: { everySeconds: 600 } });
    expect(held(source)).toBeDefined();
    expect((await call('POST', '/v1/deletions', { everything: true })).status).toBe(202);
    expect(held(source)).toBeUndefined();
  });
});
