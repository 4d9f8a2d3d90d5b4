import { describe, expect, it } from 'vitest';
import { labelProblems, originProblems, requireAllowed, retentionProblems } from '../../../../src/api/tenants/tenantRules.ts';
import { openPolicy, tenantPolicySchema } from '../../../../src/contracts/tenants.ts';

const policy = tenantPolicySchema.parse({ tiers: ['summary'], labels: ['legal'], sources: ['upload', 'website'], retention: { uploadDays: 7, failedArtifactDays: 0 } });
const at = { origin: '/documents/3', attributes: '/documents/3' };

describe('the policy of a tenant', () => {
  it('names each field that it does not allow', () => {
    expect(originProblems(policy, 'url', { tier: 'table', policies: ['legal', 'board'] }, at).map(({ pointer }) => pointer)).toEqual(['/documents/3', '/documents/3/tier', '/documents/3/policies/1']);
    expect(originProblems(policy, 'upload', { tier: 'summary', policies: ['legal'] }, at)).toEqual([]);
    expect(originProblems(policy, 'upload', { policies: [] }, at)).toEqual([]);
    expect(labelProblems(policy, ['a', 'legal'], '/labels').map(({ pointer }) => pointer)).toEqual(['/labels/0']);
  });

  it('allows all where it says nothing, and nothing where it lists nothing', () => {
    expect(originProblems(openPolicy, 'bucket', { tier: 'table', policies: ['any'] }, at)).toEqual([]);
    expect(labelProblems(tenantPolicySchema.parse({ labels: [] }), ['any'], '/labels')).toHaveLength(1);
    expect(() => requireAllowed([])).not.toThrow();
    expect(() => requireAllowed(labelProblems(policy, ['board'], '/labels'))).toThrow(expect.objectContaining({ code: 'TENANT_POLICY', message: '/labels/0: The tenant may not use the label "board".' }) as Error);
  });

  it('bounds retention; for ever is longer than any bound', () => {
    expect(retentionProblems(policy, { replacedVersionDays: null, failedArtifactDays: 0, uploadDays: 7 })).toEqual([]);
    expect(retentionProblems(policy, { replacedVersionDays: 5, failedArtifactDays: 1, uploadDays: null }).map(({ pointer }) => pointer)).toEqual(['/failedArtifactDays', '/uploadDays']);
  });
});
