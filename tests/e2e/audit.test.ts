import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { take } from '../../src/cli/jsonOutput.ts';
import { runCli } from '../../src/cli/main.ts';
import type { CliContext } from '../../src/cli/cliContext.ts';
import { CatalystClient } from '../../src/sdk/client.ts';
import type { AuditRecord } from '../../src/contracts/audit.ts';
import { asSuperuser } from '../support/asSuperuser.ts';
import { startFullStack } from '../support/fullStack.ts';
import type { FullStack } from '../support/fullStack.ts';

let stack: FullStack;
beforeAll(async () => void (stack = await startFullStack({ CATALYST_LOG_LEVEL: 'info', CATALYST_AUDIT_ADDRESS_KEY: 'a key of the audit test' })), 600_000);
afterAll(() => stack.stop(), 60_000);

async function catalyst(...commandLine: string[]): Promise<{ readonly code: number; readonly output: string }> {
  let output = '';
  const write = (text: string): boolean => ((output += text), true);
  const context = {
    stdout: { write, isTTY: false }, stderr: { write, isTTY: false }, environment: { CATALYST_URL: stack.apiUrl, CATALYST_TOKEN: await stack.tokenFor('audited') },
    workingDirectory: stack.settings.stateDirectory, signal: new AbortController().signal,
  } as unknown as CliContext;
  return { code: await runCli(commandLine, context), output };
}

describe('the audit log of a running system', () => {
  it('holds all that a session changed, and is verified from outside', async () => {
    const client = await stack.clientFor('audited');
    const { jobId } = await client.ingest({ documents: [{ id: 'one', text: 'The lighthouse of Brackwater was lit in 1851.' }] });
    expect((await client.waitForJob(jobId)).state).toBe('succeeded');
    const { results } = await client.search({ query: 'lighthouse' });
    const documentId = results[0]?.document.id ?? '';
    await client.debugSearch({ query: 'lighthouse' });
    for await (const part of await client.documents.artifact(documentId, 'raw')) expect(part).toBeDefined();
    const { key, secret } = await client.keys.create({ name: 'e2e', scopes: ['documents:read'] });
    await expect(new CatalystClient({ url: stack.apiUrl, token: secret }).documents.delete(documentId)).rejects.toMatchObject({ code: 'SCOPE_MISSING' });
    await client.upload(new Blob(['a text']), { fileName: 'a.txt' });

    const recorded = (): Promise<AuditRecord[]> => take(client.audit.list(), 1000);
    await expect.poll(async () => (await recorded()).filter(({ outcome }) => outcome === null)).toEqual([]);
    const records = (await recorded()).reverse();
    expect(records.map(({ operation, outcome }) => [operation, outcome?.status])).toEqual([
      ['ingestDocuments', 202], ['debugSearch', 200], ['getDocumentArtifact', 200], ['createApiKey', 201], ['deleteDocument', 403], ['uploadFiles', 201],
    ]);
    expect(records[0]?.outcome?.created).toBe(`/v1/jobs/${jobId}`);
    expect(records[4]).toMatchObject({ subject: `key:${key.id}`, keyPrefix: key.prefix, resource: `/v1/documents/${documentId}` });
    expect(new Set(records.map(({ address }) => address)).size).toBe(1);
    expect(records[0]?.address).toMatch(/^hmac:[0-9a-f]{32}$/);

    const whole = await catalyst('audit', 'verify');
    expect(whole).toMatchObject({ code: 0, output: expect.stringMatching(/is whole: 12 entries[^]*\n12:[0-9a-f]{64}\n/) as string });
    const head = /\n(12:[0-9a-f]{64})\n/.exec(whole.output)?.[1] ?? '';
    // The process log holds the same head: a witness outside the database.
    expect(await stack.serviceLogs(100_000)).toContain(head.slice('12:'.length));
    expect(await catalyst('audit', 'list', '--operation', 'createApiKey')).toMatchObject({ code: 0, output: expect.stringContaining(`/v1/keys/${key.id}`) as string });

    await asSuperuser(stack, `update audit_entries set content = replace(content, 'deleteDocument', 'getDocument') where tenant = 'audited'`);
    expect(await catalyst('audit', 'verify', '--expect', head)).toMatchObject({ code: 1, output: expect.stringMatching(/NOT whole[^]*entry \d+: changed/) as string });
  }, 120_000);
});
