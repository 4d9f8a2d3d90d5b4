import { describe, expect, it } from 'vitest';
import { boundedRetention, labelProblems, modelProblems, numbersWith, originProblems, requireAllowed, retentionProblems } from '../../../src/contracts/policyRules.ts';
import { retentionPolicySchema } from '../../../src/contracts/sweeps.ts';
import { openPolicy, tenantPolicySchema } from '../../../src/contracts/tenants.ts';

const policy = tenantPolicySchema.parse({ tiers: ['summary'], labels: ['legal'], sources: ['upload', 'website'], retention: { uploadDays: 7, failedArtifactDays: 0 } });
const at = { origin: '/documents/3', attributes: '/documents/3' };

const kept = retentionPolicySchema.parse({});

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

  it('knows which models may be used', () => {
    const { models } = tenantPolicySchema.parse({ models: { embedding: ['small'], rerank: [] } });
    const narrowed = { ...openPolicy, models };
    expect(modelProblems(narrowed, 'embedding', 'small', '')).toEqual([]);
    expect(modelProblems(narrowed, 'embedding', 'large', '')).toHaveLength(1);
    expect(modelProblems(narrowed, 'rerank', 'built-in', '/rerank')).toMatchObject([{ pointer: '/rerank' }]);
    expect(modelProblems(openPolicy, 'rerank', 'any', '')).toEqual([]);
  });

  it('has numbers that go before others; null takes one away', () => {
    expect(numbersWith({ soft: 1, hard: 2 }, {})).toEqual({ soft: 1, hard: 2 });
    expect(numbersWith({ soft: 1, hard: 2 }, { soft: null, hard: 3 })).toEqual({ hard: 3 });
    expect(numbersWith({}, { soft: 0 })).toEqual({ soft: 0 });
  });

  it('shortens what the tenant chose for its retention, and never lengthens it', () => {
    expect(boundedRetention(policy, { ...kept, replacedVersionDays: null, failedArtifactDays: 3, uploadDays: null })).toEqual({ ...kept, replacedVersionDays: null, failedArtifactDays: 0, uploadDays: 7 });
    expect(boundedRetention(policy, { ...kept, replacedVersionDays: 30, failedArtifactDays: 0, uploadDays: 2 })).toEqual({ ...kept, replacedVersionDays: 30, failedArtifactDays: 0, uploadDays: 2 });
    const brief = { ...policy, retention: { ...policy.retention, jobDays: 30, logDays: 5 } };
    expect(boundedRetention(brief, { ...kept, jobDays: null, logDays: 4 })).toMatchObject({ jobDays: 30, logDays: 4 });
  });

  it('bounds retention; for ever is longer than any bound', () => {
    expect(retentionProblems(policy, { ...kept, replacedVersionDays: null, failedArtifactDays: 0, uploadDays: 7 })).toEqual([]);
    expect(retentionProblems(policy, { ...kept, replacedVersionDays: 5, failedArtifactDays: 1, uploadDays: null }).map(({ pointer }) => pointer)).toEqual(['/failedArtifactDays', '/uploadDays']);
    expect(retentionProblems(policy, { uploadDays: 8 }).map(({ pointer }) => pointer)).toEqual(['/uploadDays']);
    expect(retentionProblems(policy, { jobDays: null })).toEqual([]);
  });
});
