import { CatalystError } from '../../contracts/errors.ts';
import type { FieldProblem } from '../../contracts/errors.ts';
import type { RetentionPolicy } from '../../contracts/sweeps.ts';
import type { OriginType, TenantPolicy } from '../../contracts/tenants.ts';

interface Attributes {
  readonly tier?: string | undefined;
  readonly policies: readonly string[];
}

/** Throws TENANT_POLICY with every field that the policy of the tenant does not allow. */
export function requireAllowed(problems: readonly FieldProblem[]): void {
  const [first] = problems;
  if (first !== undefined) throw new CatalystError('TENANT_POLICY', `${first.pointer}: ${first.detail}`, { problems });
}

/** Of what documents are given, and where they come from. */
export function originProblems(policy: TenantPolicy, type: OriginType, { tier, policies }: Attributes, at: { readonly origin: string; readonly attributes: string }): FieldProblem[] {
  return [
    ...(policy.sources === null || policy.sources.includes(type) ? [] : [problem(at.origin, `The tenant may not bring documents in by "${type}".`)]),
    ...(tier === undefined || policy.tiers === null || (policy.tiers as readonly string[]).includes(tier) ? [] : [problem(`${at.attributes}/tier`, `The tenant may not use the tier "${tier}".`)]),
    ...labelProblems(policy, policies, `${at.attributes}/policies`),
  ];
}

export function labelProblems({ labels }: TenantPolicy, given: readonly string[], pointer: string): FieldProblem[] {
  return given.flatMap((label, place) => (labels === null || labels.includes(label) ? [] : [problem(`${pointer}/${place}`, `The tenant may not use the label "${label}".`)]));
}

/** For ever is longer than any limit. */
export function retentionProblems({ retention }: TenantPolicy, wanted: RetentionPolicy): FieldProblem[] {
  return (Object.keys(retention) as (keyof typeof retention)[]).flatMap((name) => {
    const [most, days] = [retention[name], wanted[name]];
    return most === null || (days !== null && days <= most) ? [] : [problem(`/${name}`, `The tenant may keep this for ${most} days at the longest.`)];
  });
}

function problem(pointer: string, detail: string): FieldProblem {
  return { pointer, code: 'TENANT_POLICY', detail };
}
