import fastCheck from 'fast-check';
import { describe, expect, it } from 'vitest';
import { withGrants } from '../../../../src/activities/principal/grants.ts';
import { refusalOf } from '../../../../src/activities/principal/refusal.ts';
import type { WorkPrincipal } from '../../../../src/contracts/workPrincipal.ts';
import { indexWork, isPartOf, sweepScheduleId, tenantOfWorkflow } from '../../../../src/contracts/workflowIds.ts';

const namespaces = { common: 'default', of: (tenant: string) => (tenant === 'walled' ? 'walled-space' : 'default') };
const scope = { tenant: 'acme', subject: 'somebody', jobId: 'j1' };
const principal: WorkPrincipal = { kind: 'tenant', tenant: 'acme', subject: 'somebody', workflowId: 'job/acme/j1' };
const asked = { activity: 'publishDocuments', args: [scope, [0]], workflowId: 'document/acme/d1', namespace: 'default' };
const platform: WorkPrincipal = { kind: 'platform', workflowId: sweepScheduleId };
const sweep = { activity: 'listTenants', args: [null, 200], workflowId: `${sweepScheduleId}-2026-11-29T03:15:00Z`, namespace: 'default' };

const switching = { activity: 'switchGeneration', args: [{ changeId: 'c', by: 'somebody' }, 'rollback', 'g'], workflowId: `${indexWork}/rollback`, namespace: 'default' };

describe('an activity', () => {
  it('is done where principal, input and workflow say the same', () => {
    expect(refusalOf(principal, asked, namespaces)).toBeUndefined();
    expect(refusalOf(principal, { ...asked, workflowId: 'job/acme/j1/slice/8' }, namespaces)).toBeUndefined();
    expect(refusalOf(platform, sweep, namespaces)).toBeUndefined();
    expect(refusalOf({ kind: 'platform', workflowId: indexWork }, switching, namespaces)).toBeUndefined();
  });

  it.each([
    ['of the input of another tenant', principal, { ...asked, args: [{ ...scope, tenant: 'globex' }, [0]] }],
    ['in a workflow of another tenant', principal, { ...asked, workflowId: 'document/globex/d1' }],
    ['in a workflow that names no tenant', principal, { ...asked, workflowId: 'anything' }],
    ['for another job of the tenant', principal, { ...asked, args: [{ ...scope, jobId: 'j2' }, [0]] }],
    ['for another subject of the tenant', principal, { ...asked, args: [{ ...scope, subject: 'another' }, [0]] }],
    ['of another kind of work', principal, { ...asked, activity: 'removeVectors', args: [{ tenant: 'acme', deletionId: 'j1' }, null] }],
    ['that names no work', principal, { ...asked, args: [] }],
    ['whose work is named by a path', principal, { ...asked, args: [{ ...scope, jobId: 'j1/slice/0' }] }],
    ['that is none of ours', principal, { ...asked, activity: 'toString' }],
    ['of a tenant by the platform', platform, asked],
    ['of the platform by a tenant', principal, sweep],
    ['of the platform in another workflow', platform, { ...sweep, workflowId: 'catalyst/sweeping' }],
    ['of the platform by a principal for something else', { kind: 'platform', workflowId: 'catalyst/other' } as const, sweep],
    ['of a change of the index in a sweep', platform, switching],
    ['in the namespace of another tenant', principal, { ...asked, namespace: 'walled-space' }],
  ])('%s is not done', (_what, by, what) => {
    expect(refusalOf(by, what, namespaces)).toEqual(expect.any(String));
  });

  it('of a tenant with a namespace of its own is done there, and where its work was before', () => {
    const walled: WorkPrincipal = { kind: 'tenant', tenant: 'walled', subject: 'somebody', workflowId: 'job/walled/j1' };
    const there = { ...asked, args: [{ ...scope, tenant: 'walled' }], workflowId: 'job/walled/j1' };
    expect(['walled-space', 'default', 'elsewhere'].map((namespace) => refusalOf(walled, { ...there, namespace }, namespaces) === undefined)).toEqual([true, true, false]);
  });

  it('is done for no other tenant than that of the principal, whatever the three say', () => {
    const tenant = fastCheck.constantFrom('acme', 'globex', 'acme-2', 'a');
    const id = fastCheck.constantFrom('j1', 'j2');
    fastCheck.assert(
      fastCheck.property(tenant, tenant, tenant, id, id, (ofPrincipal, ofInput, ofWorkflow, signed, named) => {
        const by: WorkPrincipal = { kind: 'tenant', tenant: ofPrincipal, subject: 'somebody', workflowId: `job/${ofPrincipal}/${signed}` };
        const isDone = refusalOf(by, { ...asked, args: [{ ...scope, tenant: ofInput, jobId: named }], workflowId: `job/${ofWorkflow}/${named}` }, namespaces) === undefined;
        expect(isDone).toBe(ofPrincipal === ofInput && ofInput === ofWorkflow && signed === named);
      }),
    );
  });
});

describe('work that an activity accepts', () => {
  const sign = (granted: WorkPrincipal) => Promise.resolve(JSON.stringify(granted));
  const granted = (result: unknown) => JSON.parse((result as { grant: string }).grant) as unknown;

  it('is signed for itself, by who asked for it', async () => {
    const deletion = { tenant: 'acme', deletionId: 'd1' };
    const restoring = { tenant: 'acme', subject: 'somebody', jobId: 'j2' };
    const page = (await withGrants('undoPage', { deletion, restoring, last: null }, 'somebody', sign)) as { deletion: unknown; restoring: unknown };
    expect(granted(page.deletion)).toEqual({ kind: 'tenant', tenant: 'acme', subject: 'somebody', workflowId: 'deletion/acme/d1' });
    expect(granted(page.restoring)).toEqual({ kind: 'tenant', tenant: 'acme', subject: 'somebody', workflowId: 'job/acme/j2' });
    expect(granted(await withGrants('acceptSweep', { tenant: 'acme', sweepId: 's1' }, 'schedule', sign))).toMatchObject({ tenant: 'acme', subject: 'schedule', workflowId: 'sweep/acme/s1' });
    const run = (await withGrants('acceptSourceRun', { scope: { ...restoring, subject: 'schedule' }, window: 4 }, 'schedule', sign)) as { scope: unknown };
    expect(granted(run.scope)).toMatchObject({ subject: 'schedule', workflowId: 'job/acme/j2' });
  });

  it('is none where there is nothing, and other results stay as they are', async () => {
    expect(await withGrants('acceptMissing', null, 'somebody', sign)).toBeNull();
    expect(await withGrants('undoPage', { deletion: null, restoring: null, last: null }, 'somebody', sign)).toEqual({ deletion: null, restoring: null, last: null });
    const result = { scope };
    expect(await withGrants('planUnits', result, 'somebody', sign)).toBe(result);
  });
});

it.each([
  ['job/acme/1', 'acme'], ['job/acme/1/slice/0', 'acme'], ['document/acme/x', 'acme'], ['source/a-b_c/x-2026', 'a-b_c'],
  ['job/acme/', undefined], ['job/ACME/1', undefined], ['jobs/acme/1', undefined], [' job/acme/1', undefined], ['catalyst/sweep', undefined], ['job//1', undefined],
])('the workflow %j is of the tenant %j', (workflowId, tenant) => {
  expect(tenantOfWorkflow(workflowId)).toBe(tenant);
});

it('parts of a piece of work begin with its name', () => {
  expect([isPartOf('a/b', 'a/b'), isPartOf('a/b-2026', 'a/b'), isPartOf('a/b/c', 'a/b'), isPartOf('a/bc', 'a/b')]).toEqual([true, true, true, false]);
});
