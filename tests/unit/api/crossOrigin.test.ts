import { afterEach, describe, expect, it } from 'vitest';
import { startApi } from '../../support/api/runningApi.ts';
import type { RunningApi } from '../../support/api/runningApi.ts';

const app = 'https://app.example.org';
let api: RunningApi;
afterEach(() => api.close());

const preflight = (origin: string, path = '/v1/search'): Promise<Response> =>
  fetch(`${api.url}${path}`, { method: 'OPTIONS', headers: { origin, 'access-control-request-method': 'POST', 'access-control-request-headers': 'authorization,content-type' } });
const allowOrigin = (response: Response): string | null => response.headers.get('access-control-allow-origin');

describe('pages of other origins', () => {
  it('may not call the API unless they are configured', async () => {
    api = await startApi();
    const asked = await preflight(app);
    expect([asked.status, allowOrigin(asked)]).toEqual([401, null]);
    expect(allowOrigin(await api.fetch('/v1/jobs', { headers: { origin: app } }))).toBeNull();
  });

  it('may where they are, and read what the answer says of itself', async () => {
    api = await startApi({ corsOrigins: [app] });
    const asked = await preflight(app);
    expect([asked.status, allowOrigin(asked)]).toEqual([204, app]);
    expect(asked.headers.get('access-control-allow-headers')).toContain('Authorization');
    expect(asked.headers.get('access-control-allow-methods')).toContain('DELETE');
    const answer = await api.fetch('/v1/search', { method: 'POST', headers: { origin: app, 'content-type': 'application/json' }, body: '{"query":"x"}' });
    expect([answer.status, allowOrigin(answer)]).toEqual([200, app]);
    expect(answer.headers.get('access-control-expose-headers')).toContain('Retry-After');
    expect(answer.headers.get('vary')).toMatch(/Origin/);
    // A failure is readable too, and no cookie ever counts.
    const refused = await fetch(`${api.url}/v1/jobs`, { headers: { origin: app } });
    expect([refused.status, allowOrigin(refused)]).toEqual([401, app]);
    expect(refused.headers.get('access-control-allow-credentials')).toBeNull();
  });

  it.each(['https://evil.example', 'http://app.example.org', 'https://app.example.org.evil.example', 'https://app.example.org:8443', 'null', '*'])('%s is none of them', async (origin) => {
    api = await startApi({ corsOrigins: [app] });
    expect(allowOrigin(await preflight(origin))).toBeNull();
    expect(allowOrigin(await api.fetch('/v1/jobs', { headers: { origin } }))).toBeNull();
  });

  it('get no health, metrics or reference', async () => {
    api = await startApi({ corsOrigins: [app] });
    for (const path of ['/metrics', '/readyz', '/openapi.json']) expect(allowOrigin(await fetch(`${api.url}${path}`, { headers: { origin: app } }))).toBeNull();
  });

  it('may ask the codec alone where they are the Temporal Web UI, by the headers that it sends', async () => {
    api = await startApi({ webUiOrigins: [app], corsOrigins: ['https://other.example.org'] });
    const asked = await preflight(app, '/v1/temporal-codec/decode');
    expect([asked.status, allowOrigin(asked)]).toEqual([204, app]);
    expect(asked.headers.get('access-control-allow-headers')).toMatch(/Authorization,.*X-Namespace, Authorization-Extras$/);
    expect(allowOrigin(await preflight(app, '/v1/search'))).toBeNull();
    expect(allowOrigin(await preflight('https://other.example.org', '/v1/temporal-codec/decode'))).toBe('https://other.example.org');
  });
});
