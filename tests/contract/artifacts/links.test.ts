import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createS3ArtifactStore } from '../../../src/adapters/s3/s3ArtifactStore.ts';
import type { ArtifactReference } from '../../../src/contracts/artifacts.ts';
import { digestOf } from '../../../src/contracts/identifiers.ts';
import type { ArtifactLink, ArtifactStore } from '../../../src/ports/artifactStore.ts';
import { startObjectStore } from './objectStore.ts';
import type { ObjectStore } from './objectStore.ts';

/** Links are opened as a stranger opens them: by plain HTTP, at a real S3 server. */
let server: ObjectStore;
let store: ArtifactStore;
let alone: ArtifactReference;
let packed: readonly ArtifactReference[];
/** Of another tenant; the same bytes, so that the keys differ by the tenant alone. */
let foreign: ArtifactReference;
const page = { bytes: Buffer.from('<script>alert(1)</script>'), mediaType: 'text/html' };
const secrets = ['first document', 'second document, under a label', 'third document'].map((text) => ({ bytes: Buffer.from(text), mediaType: 'text/plain' }));

beforeAll(async () => {
  server = await startObjectStore();
  store = createS3ArtifactStore(server.settings);
  await store.prepare();
  [alone] = (await store.putAll('links', 'raw', [page])) as [ArtifactReference];
  [foreign] = (await store.putAll('strangers', 'raw', [page])) as [ArtifactReference];
  packed = await store.putAll('links', 'text', secrets);
}, 600_000);
afterAll(() => server.stop());

const linkTo = (reference: ArtifactReference, seconds = 60) => store.link('links', reference, { seconds, fileName: 'a.raw', mediaType: 'application/octet-stream' });

async function open({ url, headers }: ArtifactLink, more: RequestInit = {}): Promise<{ readonly status: number; readonly headers: Headers; readonly text: string }> {
  const response = await fetch(url, { headers, ...more });
  return { status: response.status, headers: response.headers, text: await response.text() };
}

const changed = (link: ArtifactLink, change: (url: URL) => void): ArtifactLink => {
  const url = new URL(link.url);
  change(url);
  return { ...link, url: url.href };
};

describe('a link to an artifact', () => {
  it('gives its bytes to whoever has it, as an attachment and never as a page', async () => {
    const link = await linkTo(alone);
    expect(link.headers).toEqual({});
    const { status, headers, text } = await open(link);
    expect([status, text]).toEqual([200, page.bytes.toString()]);
    expect([headers.get('content-type'), headers.get('content-disposition'), headers.get('cache-control')]).toEqual(['application/octet-stream', 'attachment; filename="a.raw"', 'no-store']);
  });

  it('gives the one range of a packed object, and nothing of what stands beside it', async () => {
    const link = await linkTo(packed[1] as ArtifactReference);
    expect(link.headers).toEqual({ Range: 'bytes=14-43' });
    expect(await open(link)).toMatchObject({ status: 206, text: 'second document, under a label' });
    for (const headers of [{}, { Range: 'bytes=0-43' }, { Range: 'bytes=0-13' }, { Range: 'bytes=14-43,0-13' }, { Range: 'bytes=14-' }]) {
      const { status, text } = await open({ ...link, headers: headers });
      expect([status, /document,|first|third/.test(text)], JSON.stringify(headers)).toEqual([403, false]);
    }
    const all = new Headers([['Range', 'bytes=14-43'], ['x-amz-range', 'bytes=0-57']]);
    const both = await open(link, { headers: all });
    expect(both.text).not.toMatch(/first|third/);
  });

  it('is refused where anything of it was changed: key, tenant, bucket, time, name, type, method', async () => {
    const link = await linkTo(alone);
    const path = (from: string | RegExp, to: string) => changed(link, (url) => (url.pathname = url.pathname.replace(from, to)));
    const query = (name: string, value: string) => changed(link, (url) => url.searchParams.set(name, value));
    const other = foreign.uri.replace(/^s3:\/\/[^/]+/, '');
    const changes: Readonly<Record<string, ArtifactLink>> = {
      tenant: path('/tenants/links/', '/tenants/strangers/'),
      'another key': changed(link, (url) => (url.pathname = `/${server.settings.bucket}${other}`)),
      'a way around': path('/tenants/links/', '/tenants/links/../strangers/'),
      'a way around, encoded': path('/tenants/links/', '/tenants/links/%2e%2e/strangers/'),
      'the whole bucket': path(/\/tenants\/.*$/, '/'),
      bucket: path(`/${server.settings.bucket}/`, '/another-bucket/'),
      'a longer life': query('X-Amz-Expires', '600000'),
      'a later date': query('X-Amz-Date', new Date(Date.now() + 60_000).toISOString().replace(/[-:]|\.\d+/g, '')),
      'another name': query('response-content-disposition', 'inline'),
      'another type': query('response-content-type', 'text/html'),
      'a version': query('versionId', 'null'),
      'no signature': changed(link, (url) => url.searchParams.delete('X-Amz-Signature')),
      'another signature': query('X-Amz-Signature', randomBytes(32).toString('hex')),
    };
    for (const [what, attempt] of Object.entries(changes)) {
      const { status, text } = await open(attempt);
      expect([what, status >= 400, text.includes('alert(1)')]).toEqual([what, true, false]);
    }
    for (const [method, refusal] of [['PUT', 403], ['DELETE', 403], ['POST', 405]] as const) expect([method, (await open(link, { method, ...(method === 'DELETE' ? {} : { body: 'x' }) })).status]).toEqual([method, refusal]);
    expect((await open(link)).text).toBe(page.bytes.toString());
  });

  it('is over when its time is', async () => {
    const link = await linkTo(alone, 2);
    expect((await open(link)).status).toBe(200);
    await sleep(3_500);
    const { status, text } = await open(link);
    expect([status, text.includes('alert(1)')]).toEqual([403, false]);
  });

  it('is not made to what another tenant has, to what is gone, nor to nothing in a packed object', async () => {
    for (const uri of [foreign.uri, alone.uri.replace('/raw/', '/raw/../../strangers/raw/'), alone.uri.replace(/.$/, 'g')]) await expect(linkTo({ ...alone, uri })).rejects.toMatchObject({ code: 'ARTIFACT_NOT_FOUND' });
    await expect(linkTo({ ...(packed[1] as ArtifactReference), length: 0, digest: digestOf('') })).rejects.toMatchObject({ code: 'ARTIFACT_NOT_FOUND' });
  });

  it('names the address under which callers reach the store', async () => {
    const outside = createS3ArtifactStore({ ...server.settings, publicEndpoint: 'https://files.example' });
    expect(new URL((await outside.link('links', alone, { seconds: 60, fileName: 'a', mediaType: 'a/b' })).url).host).toBe('files.example');
  });
});
