import { describe, expect, it } from 'vitest';
import { tenantText } from '../../../../src/cli/tenants/tenantText.ts';
import { tenantAccountSchema } from '../../../../src/contracts/tenants.ts';

describe('a tenant as the command line shows it', () => {
  it('tells of its policy what limits something', () => {
    const account = tenantAccountSchema.parse({
      tenant: 'acme', name: null, state: 'active', created: true, createdAt: '2026-01-01T00:00:00Z', createdBy: 'ann', suspension: null, deletion: null, receipt: null,
      policy: { labels: [], retention: { uploadDays: 7 }, models: { rerank: ['built-in'] }, quotas: { jobs: null }, rates: { caller: { search: 60 } } },
    });
    const rows = tenantText(account).split('\n').map((line) => line.trim().split(/\s{2,}/));
    expect(rows.filter(([name]) => name !== '')).toEqual([
      ['tenant', 'acme'], ['state', 'active'], ['labels', '[]'], ['retention', '{"uploadDays":7}'], ['models', '{"rerank":["built-in"]}'], ['quotas', '{"jobs":null}'], ['rates', '{"caller":{"search":60}}'],
    ]);
  });
});
