import { describe, expect, test } from 'vitest';
import { CatalystError } from '../../../src/contracts/errors.ts';
import type { Principal } from '../../../src/contracts/principal.ts';
import { createTenantKnowledge } from '../../../src/retrieval/tenantKnowledge.ts';
import type { TenantKnowledge } from '../../../src/retrieval/tenantKnowledge.ts';

const reader: Principal = { tenant: 'acme', subject: 'someone', roles: [], policies: [] };
const settings = { keptMs: 60_000, most: 100, patienceMs: 20 };

/** Knowledge of a text by tenant that a test sets, and how often it was read. */
function setUp(read?: (tenant: string) => Promise<string>): { knowledge: TenantKnowledge<string>; stored: Map<string, string>; reads: string[] } {
  const stored = new Map<string, string>();
  const reads: string[] = [];
  const knowledge = createTenantKnowledge({ what: 'wishes', none: 'none', read: (tenant) => (reads.push(tenant), read?.(tenant) ?? Promise.resolve(stored.get(tenant) ?? 'unset')) }, settings);
  return { knowledge, stored, reads };
}

describe('what is known of a tenant', () => {
  test('is read once, for each tenant', async () => {
    const { knowledge, stored, reads } = setUp();
    stored.set('acme', 'a').set('other', 'o');
    for (let time = 0; time < 3; time += 1) {
      expect(await knowledge.known(reader)).toEqual({ value: 'a' });
      expect(await knowledge.known({ ...reader, tenant: 'other' })).toEqual({ value: 'o' });
    }
    expect(reads).toEqual(['acme', 'other']);
  });

  test('is read again where the mark is another, and only then; for that tenant alone', async () => {
    const { knowledge, stored, reads } = setUp();
    knowledge.asOf('acme', '1');
    stored.set('acme', 'first');
    expect((await knowledge.known(reader)).value).toBe('first');
    stored.set('acme', 'second');
    knowledge.asOf('acme', '1');
    knowledge.asOf('other', '2');
    expect((await knowledge.known(reader)).value).toBe('first');
    knowledge.asOf('acme', '2');
    expect((await knowledge.known(reader)).value).toBe('second');
    expect(reads).toEqual(['acme', 'acme']);
  });

  test('what was being read when the mark changed is not used', async () => {
    const old = Promise.withResolvers<string>();
    const answers = [old.promise, Promise.resolve('new')];
    const { knowledge } = setUp(() => answers.shift() ?? Promise.reject(new Error('asked too often')));
    knowledge.asOf('acme', '1');
    const before = knowledge.known(reader);
    knowledge.asOf('acme', '2');
    const after = knowledge.known(reader);
    old.resolve('old');
    expect([(await before).value, (await after).value]).toEqual(['old', 'new']);
    expect((await knowledge.known(reader)).value).toBe('new');
  });

  test('is what it was where it cannot be read, and says so', async () => {
    const down = new CatalystError('REGISTRY_UNAVAILABLE', 'away');
    let away = false;
    const { knowledge } = setUp(() => (away ? Promise.reject(down) : Promise.resolve('a')));
    expect(await knowledge.known(reader)).toEqual({ value: 'a' });
    away = true;
    knowledge.asOf('acme', '2');
    expect(await knowledge.known(reader)).toEqual({ value: 'a', failure: down });
    expect(await knowledge.known({ ...reader, tenant: 'new' })).toEqual({ value: 'none', failure: down });
    away = false;
    expect(await knowledge.known(reader)).toEqual({ value: 'a' });
  });

  test('is waited for by those who come while it is read, and by nobody longer than a moment in all', async () => {
    const { knowledge } = setUp(() => new Promise(() => undefined));
    const began = performance.now();
    const first = await knowledge.known(reader);
    expect(first.failure?.message).toBe('The wishes were not read within 20 ms.');
    expect(performance.now() - began).toBeGreaterThan(15);
    let turns = 0;
    const ticking = setInterval(() => (turns += 1), 10);
    await knowledge.known(reader);
    clearInterval(ticking);
    expect(turns).toBeLessThan(2);
  });

  test('is forgotten where this process has changed it', async () => {
    const { knowledge, stored } = setUp();
    await knowledge.known(reader);
    stored.set('acme', 'changed');
    knowledge.changed('acme');
    expect((await knowledge.known(reader)).value).toBe('changed');
  });
});
