import { describe, expect, it } from 'vitest';
import { chooseContentRules, digestedRules, rulesFor } from '../../../../src/activities/stages/contentRules.ts';
import { withoutQuarantined } from '../../../../src/activities/stages/quarantine.ts';
import { redactSpecification } from '../../../../src/activities/stages/redactSpecification.ts';
import type { Chunk } from '../../../../src/contracts/chunks.ts';
import { isAtLeast } from '../../../../src/contracts/risk.ts';
import type { Risk } from '../../../../src/contracts/risk.ts';
import type { StoredSearchSettings } from '../../../../src/contracts/searchSettings.ts';
import { documentSpecificationSchema } from '../../../../src/contracts/specification.ts';

const chunk = (ordinal: number, level?: Risk['level']): Chunk => ({ ordinal, tier: 'passage', text: 'x', start: 0, end: 1, headings: [], tokens: 1, ...(level === undefined ? {} : { risk: { level, kinds: ['role-change'] } }) });
const chunks = [chunk(0), chunk(1, 'low'), chunk(2, 'medium'), chunk(3, 'high')];

describe('quarantine', () => {
  it('keeps passages of a risk and above from the index, and says which', () => {
    expect(withoutQuarantined(chunks, {})).toEqual({ kept: chunks });
    const { kept, quarantined } = withoutQuarantined(chunks, { quarantine: 'medium' });
    expect(kept.map(({ ordinal }) => ordinal)).toEqual([0, 1]);
    expect(quarantined).toMatchObject({ code: 'PASSAGES_QUARANTINED', message: '2 of 4 passages are kept from search, since their risk is medium or higher: role-change. By ordinal: 2, 3.' });
    expect(withoutQuarantined(chunks.slice(0, 2), { quarantine: 'medium' })).toEqual({ kept: chunks.slice(0, 2) });
  });

  it('refuses a document of which nothing is left', () => {
    expect(() => withoutQuarantined([chunk(0, 'high')], { quarantine: 'high' })).toThrow(expect.objectContaining({ code: 'DOCUMENT_QUARANTINED' }) as Error);
  });
});

describe('the rules of a source', () => {
  const levels = [undefined, 'low', 'medium', 'high'] as const;

  it('add to those of the tenant, and never take from them', () => {
    expect(rulesFor({}, {})).toEqual({});
    expect(rulesFor({}, { redact: ['phone', 'email'], quarantine: 'high' })).toEqual({ redact: ['email', 'phone'], quarantine: 'high' });
    expect(rulesFor({ redact: ['email', 'iban'], quarantine: 'medium' }, { redact: [] })).toEqual({ redact: ['email', 'iban'], quarantine: 'medium' });
    expect(rulesFor({ redact: ['iban'], quarantine: 'medium' }, { redact: ['email', 'iban'], quarantine: 'low' })).toEqual({ redact: ['email', 'iban'], quarantine: 'low' });
    for (const ofTenant of levels) {
      for (const ofSource of levels) {
        const { quarantine } = rulesFor(ofTenant === undefined ? {} : { quarantine: ofTenant }, { quarantine: ofSource });
        const kept = (level: 'low' | 'medium' | 'high', least: (typeof levels)[number]) => least !== undefined && isAtLeast(level, least);
        for (const level of ['low', 'medium', 'high'] as const) expect(kept(level, quarantine), `${ofTenant} ${ofSource} ${level}`).toBe(kept(level, ofTenant) || kept(level, ofSource));
      }
    }
  });
});

describe('the rules of a tenant', () => {
  const choose = (own: Partial<StoredSearchSettings>, operator = { quarantine: 'high', redact: ['email'] } as const) =>
    chooseContentRules({ searchSettings: { read: () => Promise.resolve({ revision: 1, ...own }) }, settings: operator as never, vault: undefined }, 'acme');

  it('go before those of the operator, also where they switch them off', async () => {
    expect(await choose({})).toEqual({ quarantine: 'high', redact: ['email'] });
    expect(await choose({ quarantine: 'low', redact: ['ssn', 'card', 'card'] })).toEqual({ quarantine: 'low', redact: ['card', 'ssn'] });
    expect(await choose({ quarantine: 'off', redact: [] })).toEqual({});
  });

  it('leave the digest of a version as it was where there are none', () => {
    expect(digestedRules({})).toEqual([]);
    expect(digestedRules({ redact: ['email'] })).toEqual([{ redact: ['email'] }]);
  });
});

describe('what the caller said of a document', () => {
  const specification = documentSpecificationSchema.parse({
    index: 0, documentId: '0198c0de-0000-7000-8000-000000000000', sourceKey: 'id:a', source: { type: 'text', location: 'a' }, origin: { type: 'url', url: 'https://example.org/' }, title: 'To jane@example.org',
    metadata: { contact: 'jane@example.org', dateOfBirth: '1980-02-29', tags: ['jane@example.org', 'x'], year: 2026, region: 'north' }, tags: [], policies: [],
  });

  it('is indexed without personal data, by what it is and by its name', () => {
    expect(redactSpecification(specification)).toBe(specification);
    expect(redactSpecification(specification, ['email', 'field'])).toMatchObject({ title: 'To [email]', metadata: { contact: '[email]', dateOfBirth: '[field]', tags: ['[email]', 'x'], year: 2026, region: 'north' } });
  });
});
