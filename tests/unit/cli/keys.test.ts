import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCli } from '../../../src/cli/main.ts';
import type { ApiKey, IssuedApiKey } from '../../../src/contracts/apiKeys.ts';
import { roleTable } from '../../../src/contracts/roles.ts';
import { startRegistryApi } from '../../support/api/registryApi.ts';
import type { RegistryApi } from '../../support/api/registryApi.ts';
import { signToken } from '../../support/api/runningApi.ts';
import { capturedContext } from '../../support/capturedContext.ts';

let api: RegistryApi;
let folder: string;
let token: string;
beforeAll(async () => {
  api = await startRegistryApi();
  folder = await mkdtemp(join(tmpdir(), 'catalyst-cli-'));
  token = await signToken({ tenant: 'cli-keys', sub: 'ada', policies: ['finance'] });
}, 600_000);
afterAll(async () => {
  await api.close();
  await rm(folder, { recursive: true });
});

async function catalyst(commandLine: readonly string[], credential = token): Promise<{ exitCode: number; out: string; error: string }> {
  const context = capturedContext({ environment: { CATALYST_URL: api.url, CATALYST_TOKEN: credential }, workingDirectory: folder });
  const exitCode = await runCli(['keys', ...commandLine], context);
  return { exitCode, out: context.out(), error: context.error() };
}

async function json<Value>(...commandLine: string[]): Promise<Value> {
  const { exitCode, out, error } = await catalyst([...commandLine, '--json']);
  expect([exitCode, error]).toEqual([0, '']);
  return JSON.parse(out) as Value;
}

describe('catalyst keys', () => {
  it('creates a key that works in place of a token, and shows it once', async () => {
    expect((await catalyst(['list'])).out).toBe('There are no API keys.\n');
    const { exitCode, out } = await catalyst(['create', 'Import\u001b[31m', '--scope', 'keys:read', '--scope', 'jobs:read', '--policy', 'finance', '--expires-in-days', 'never']);
    expect(exitCode).toBe(0);
    const secret = out.trimEnd().split('\n').at(-1) ?? '';
    expect(secret).toMatch(/^catalyst_[a-z2-7]{12}_[\w-]{43}$/);
    expect(out).toMatch(/scopes +keys:read jobs:read\nlabels +finance\nexpires +never\n/);
    expect(out).not.toContain('\u001b');
    const listed = await catalyst(['list'], secret);
    expect(listed.out).toMatch(/id +name +prefix +state +expires +last used\n[0-9a-f-]{36} +Import\[31m +catalyst_[a-z2-7]{12} +active +never/);
    expect(listed.out).not.toContain(secret);
    const refused = await catalyst(['create', 'Child', '--scope', 'keys:read'], secret);
    expect([refused.exitCode === 0, refused.error]).toEqual([false, expect.stringContaining('keys:write')]);
  });

  it('takes the scopes of a role, rotates and revokes', async () => {
    const { key } = await json<IssuedApiKey>('create', 'Reader', '--role', 'reader', '--expires-in-days', '7');
    expect(key.scopes).toEqual([...roleTable.reader.scopes]);
    expect(Date.parse(key.expiresAt ?? '') - Date.now()).toBeLessThan(7 * 86_400_000 + 60_000);
    const rotated = await json<IssuedApiKey>('rotate', key.id, '--grace', '600');
    expect(rotated.key).toMatchObject({ id: key.id, previous: { prefix: key.prefix } });
    expect((await catalyst(['rotate', key.id])).out).toContain(`${rotated.key.prefix} is accepted until`);
    expect((await catalyst(['revoke', key.id])).out).toContain('revoked');
    expect((await json<ApiKey[]>('list')).find(({ id }) => id === key.id)?.state).toBe('revoked');
    expect((await catalyst(['rotate', key.id])).exitCode).not.toBe(0);
  });

  it('says what is wrong before anything is sent', async () => {
    const id = '0198c0de-0000-7000-8000-000000000000';
    for (const [commandLine, reason] of [[['create', 'x'], /--scope or --role/], [['create', 'x', '--scope', 'search:reed'], /no such scope/], [['create', 'x', '--role', 'king'], /reader/], [['create', 'x', '--role', 'reader', '--expires-in-days', '0'], /number of days/], [['rotate', id, '--grace', '604801'], /number of seconds/], [['revoke', 'x'], /identifier/]] as const) {
      const { exitCode, error } = await catalyst(commandLine);
      expect([exitCode, reason.test(error)], error).toEqual([2, true]);
    }
  });
});
