import { randomBytes } from 'node:crypto';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ActivityDependencies } from '../../../src/activities/dependencies.ts';
import { ingestInProcess } from '../../../src/activities/ingestInProcess.ts';
import { createStubEmbedder } from '../../../src/adapters/embedding/stubEmbedder.ts';
import { createParserPool } from '../../../src/adapters/parser/parserPool.ts';
import { createJobSteering } from '../../../src/adapters/postgres/jobs/jobSteering.ts';
import { createSearchSettingsRegistry } from '../../../src/adapters/postgres/settings/searchSettingsRegistry.ts';
import { createDiscoveryRegistry } from '../../../src/adapters/postgres/sources/discoveryRegistry.ts';
import { createVault } from '../../../src/adapters/postgres/vault/vault.ts';
import type { VaultKeys } from '../../../src/adapters/postgres/vault/vault.ts';
import { documentIdOf } from '../../../src/contracts/identifiers.ts';
import type { ParsedDocument } from '../../../src/contracts/parsed.ts';
import type { DocumentSpecification } from '../../../src/contracts/specification.ts';
import type { Embedder } from '../../../src/ports/embedder.ts';
import type { SearchSettingsRegistry } from '../../../src/ports/searchSettingsRegistry.ts';
import type { Vault } from '../../../src/ports/vault.ts';
import { contract } from '../index/indexServer.ts';
import { carryOut } from '../registry/carryOut.ts';
import { openShelf } from '../registry/shelf.ts';
import type { Shelf, Written } from '../registry/shelf.ts';

const parser = createParserPool({ threads: 1, timeoutSeconds: 60, pageTimeoutSeconds: 30, memoryMegabytes: 512 });
const embedder: Embedder = { ...createStubEmbedder({ dimension: contract.dimension }), contract };
const limits = { maximumDocumentBytes: 1e6, chunking: { maximumTokens: 200, overlapTokens: 0 }, sliceDocuments: 64, sliceBytes: 1e6, quarantine: 'off', redact: [] };
const [first, second] = [{ id: 'first', key: randomBytes(32) }, { id: 'second', key: randomBytes(32) }];
const nameKey = randomBytes(32);

let shelf: Shelf;
let settings: SearchSettingsRegistry;
beforeAll(async () => {
  shelf = await openShelf();
  settings = createSearchSettingsRegistry(shelf.database);
}, 600_000);
afterAll(async () => {
  await parser.close();
  await shelf.close();
});

const vaultOf = (keys: VaultKeys['keys'] = [first], name = nameKey): Vault => createVault(shelf.database, { keys, nameKey: name })!;

function dependenciesWith(vault: Vault | undefined): ActivityDependencies {
  const parts = { ...shelf, vault, models: { serving: () => Promise.resolve(embedder), of: () => embedder }, stageOutputs: shelf.outputs, steering: createJobSteering(shelf.database), searchSettings: settings, discoveries: createDiscoveryRegistry(shelf.database), emit: () => undefined, parser, embedder, tokenizer: { count: (text: string) => text.split(/\s+/).length }, settings: limits };
  // What these stages do not touch (sources, limits, sweeps) is not there.
  return parts as unknown as ActivityDependencies;
}

async function ingest(tenant: string, written: readonly Written[], { vault = vaultOf(), change }: { readonly vault?: Vault | undefined; readonly change?: (specification: DocumentSpecification) => DocumentSpecification } = {}): Promise<void> {
  const { jobId } = await shelf.accept(tenant, written, change);
  await ingestInProcess(dependenciesWith(vault), { tenant, subject: 'tester', jobId });
}

/** The text and all else that is kept of the visible version. */
async function keptOf(tenant: string, key: string): Promise<{ readonly text: string; readonly all: string }> {
  const version = (await shelf.library.findVersion(tenant, documentIdOf(tenant, key), undefined))!;
  const kept = await Promise.all(
    version.artifacts.filter(({ kind }) => kind === 'text' || kind === 'chunks' || kind === 'manifest').map(async ({ uri, offset, length, digest, mediaType, kind }) => [kind, Buffer.from((await shelf.artifacts.getAll(tenant, [{ uri, offset, length, digest, mediaType }]))[0]!).toString()] as const),
  );
  return { text: (JSON.parse(new Map(kept).get('text')!) as ParsedDocument).text, all: kept.map(([, body]) => body).join('\n') };
}

const namesIn = (text: string): string[] => [...text.matchAll(/\[[a-z]+#([a-z2-7]{16})\]/g)].map(([, name]) => name!);
const all = (tenant: string) => ({ tenant, policies: 'all' as const });
const count = async (tenant: string, table: 'vault_entries' | 'vault_uses'): Promise<number> =>
  Number((await shelf.database.withTenant(tenant, (transaction) => sql<{ n: string }>`select count(*) as n from ${sql.table(table)} where tenant = ${tenant}`.execute(transaction))).rows[0]?.n);

const letter = 'Write to Jane.Doe@Example.org or jane.doe@example.org, or call +49 30 901820.';

describe('redaction that can be brought back', () => {
  it('names what it replaced, keeps it encrypted, and nothing of it elsewhere', async () => {
    await settings.write('open', { redact: ['email', 'phone'], reversible: true });
    await ingest('open', [{ key: 'id:a', text: letter }], { change: (own) => ({ ...own, title: 'To joe@example.org', metadata: { contact: '030 mail: bob@example.org' } }) });
    const kept = await keptOf('open', 'id:a');
    const names = namesIn(kept.text);
    expect(kept.text).toBe(`Write to [email#${names[0]}] or [email#${names[1]}], or call [phone#${names[2]}].`);
    expect(names[0]).toBe(names[1]);
    for (const value of ['doe@', 'joe@', 'bob@', '901820']) expect(kept.all.toLowerCase()).not.toContain(value);
    const revealed = await vaultOf().reveal(all('open'), [...new Set(namesIn(kept.all))]);
    expect(revealed.map(({ kind, value }) => `${kind} ${value}`).sort()).toEqual(['email Jane.Doe@Example.org', 'email bob@example.org', 'email joe@example.org', 'phone +49 30 901820']);
    const { rows } = await shelf.database.withTenant('open', (transaction) => sql<{ row: string }>`select entry::text as row from vault_entries entry`.execute(transaction));
    expect(rows).toHaveLength(4);
    for (const { row } of rows) expect(Buffer.from(/\\x([0-9a-f]+)/.exec(row)?.[1] ?? '', 'hex').toString('latin1')).not.toContain('@example');
  });

  it('is off without the setting and without keys, and then marks are as ever', async () => {
    await settings.write('closed', { redact: ['email'] });
    await ingest('closed', [{ key: 'id:a', text: letter }]);
    await settings.write('keyless', { redact: ['email'], reversible: true });
    const { jobId } = await shelf.accept('keyless', [{ key: 'id:a', text: letter }]);
    await ingestInProcess(dependenciesWith(undefined), { tenant: 'keyless', subject: 'tester', jobId });
    for (const tenant of ['closed', 'keyless']) {
      expect((await keptOf(tenant, 'id:a')).text).toContain('Write to [email] or [email], or call +49 30 901820.');
      expect(await count(tenant, 'vault_entries')).toBe(0);
    }
    // Once there is a vault, the same document is another version.
    await ingest('keyless', [{ key: 'id:a', text: letter }]);
    expect(namesIn((await keptOf('keyless', 'id:a')).text)).toHaveLength(2);
  });

  it('gives equal values of a tenant one entry, and no tenant the entry of another', async () => {
    for (const tenant of ['one', 'two']) await settings.write(tenant, { redact: ['email'], reversible: true });
    await ingest('one', [{ key: 'id:a', text: letter }, { key: 'id:b', text: `Again: ${letter}` }]);
    await ingest('one', [{ key: 'id:c', text: letter }]);
    await ingest('two', [{ key: 'id:a', text: letter }]);
    const [name] = namesIn((await keptOf('one', 'id:a')).text);
    expect(namesIn((await keptOf('one', 'id:b')).text)[0]).toBe(name);
    expect([await count('one', 'vault_entries'), await count('one', 'vault_uses')]).toEqual([1, 3]);
    expect(namesIn((await keptOf('two', 'id:a')).text)[0]).not.toBe(name);
    expect(await vaultOf().reveal(all('two'), [name!])).toEqual([]);
    expect(await vaultOf().reveal(all('one'), [name!])).toHaveLength(1);
    expect(await vaultOf().reveal(all('one'), ['aaaaaaaaaaaaaaaa'])).toEqual([]);
  });

  it('answers who may see a document that uses the entry', async () => {
    await settings.write('labelled', { redact: ['email'], reversible: true });
    await ingest('labelled', [{ key: 'id:a', text: letter }], { change: (own) => ({ ...own, policies: ['board'] }) });
    const names = namesIn((await keptOf('labelled', 'id:a')).text).slice(0, 1);
    const by = async (...policies: string[]) => (await vaultOf().reveal({ tenant: 'labelled', policies }, names)).length;
    expect([await by(), await by('other'), await by('board', 'other')]).toEqual([0, 0, 1]);
    await ingest('labelled', [{ key: 'id:b', text: letter }]);
    expect(await by()).toBe(1);
  });

  it('goes with the last document that uses it', async () => {
    await settings.write('erased', { redact: ['email'], reversible: true });
    await ingest('erased', [{ key: 'id:a', text: letter }, { key: 'id:b', text: `${letter} And joe@example.org.` }]);
    const names = [...new Set(namesIn((await keptOf('erased', 'id:b')).text))];
    expect([await count('erased', 'vault_entries'), await count('erased', 'vault_uses')]).toEqual([2, 3]);
    await carryOut(shelf, 'erased', { documents: [documentIdOf('erased', 'id:b')] });
    expect((await vaultOf().reveal(all('erased'), names)).map(({ value }) => value)).toEqual(['Jane.Doe@Example.org']);
    await carryOut(shelf, 'erased', { documents: [documentIdOf('erased', 'id:a')] });
    expect([await count('erased', 'vault_entries'), await count('erased', 'vault_uses')]).toEqual([0, 0]);
    // The same content again is kept again.
    await ingest('erased', [{ key: 'id:a', text: letter }]);
    expect((await vaultOf().reveal(all('erased'), names)).map(({ value }) => value)).toEqual(['Jane.Doe@Example.org']);
  });

  it('keeps nothing for a document that was deleted while it was parsed', async () => {
    await settings.write('late', { redact: ['email'], reversible: true });
    const vault = vaultOf();
    const late: Vault = { ...vault, keep: async (tenant, jobId, uses) => {
      await carryOut(shelf, 'late', { documents: [documentIdOf('late', 'id:a')] });
      await vault.keep(tenant, jobId, uses);
    } };
    await ingest('late', [{ key: 'id:a', text: letter }], { vault: late });
    expect([await count('late', 'vault_entries'), await count('late', 'vault_uses')]).toEqual([0, 0]);
  });
});

describe('keys of the vault', () => {
  it('are changed while old entries are read, and names stay', async () => {
    await settings.write('rotated', { redact: ['email'], reversible: true });
    await ingest('rotated', [{ key: 'id:a', text: 'jane@example.org' }]);
    const [name] = namesIn((await keptOf('rotated', 'id:a')).text);
    const both = vaultOf([second, first]);
    await ingest('rotated', [{ key: 'id:b', text: 'jane@example.org and joe@example.org' }], { vault: both });
    const names = namesIn((await keptOf('rotated', 'id:b')).text);
    expect(names[0]).toBe(name);
    expect((await both.reveal(all('rotated'), names)).map(({ value }) => value).sort()).toEqual(['jane@example.org', 'joe@example.org']);
    await expect(vaultOf([second]).reveal(all('rotated'), names)).rejects.toMatchObject({ code: 'VAULT_KEY_UNKNOWN', message: 'An entry of the vault is encrypted by the key "first", which is not among CATALYST_VAULT_KEYS here.' });
    await expect(vaultOf([{ id: 'first', key: second.key }]).reveal(all('rotated'), [name!])).rejects.toMatchObject({ code: 'VAULT_UNREADABLE' });
  });

  it('bind an entry to its tenant and name: one that was put in the place of another is not read', async () => {
    await settings.write('swapped', { redact: ['email'], reversible: true });
    await ingest('swapped', [{ key: 'id:a', text: 'jane@example.org and joe@example.org' }]);
    const names = namesIn((await keptOf('swapped', 'id:a')).text);
    await shelf.database.withTenant('swapped', (transaction) => sql`update vault_entries set sealed = other.sealed from vault_entries other where vault_entries.name = ${names[0]} and other.name = ${names[1]}`.execute(transaction));
    await expect(vaultOf().reveal(all('swapped'), [names[0]!])).rejects.toMatchObject({ code: 'VAULT_UNREADABLE' });
  });

  it('must be those that a version was named by', async () => {
    await settings.write('renamed', { redact: ['email'], reversible: true });
    const [here, other] = [vaultOf(), vaultOf([first], randomBytes(32))];
    let asked = 0;
    // As where the worker that parses has another key than the one that acquired.
    const mixed: Vault = { ...here, namesOf: (tenant) => ((asked += 1) === 1 ? here : other).namesOf(tenant) };
    await expect(ingest('renamed', [{ key: 'id:a', text: letter }], { vault: mixed })).rejects.toMatchObject({ code: 'VAULT_KEY_UNKNOWN' });
    expect(await count('renamed', 'vault_entries')).toBe(0);
  });
});
