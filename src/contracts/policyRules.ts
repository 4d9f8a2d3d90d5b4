import { CatalystError } from './errors.ts';
import type { FieldProblem } from './errors.ts';
import type { RetentionChange, RetentionPolicy } from './sweeps.ts';
import type { OriginType, TenantPolicy } from './tenants.ts';

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

/** A model by its name; of rerankers the one that needs no model of its own is "built-in". */
export function modelProblems({ models }: TenantPolicy, task: keyof TenantPolicy['models'], name: string, pointer: string): FieldProblem[] {
  const allowed = models[task];
  return allowed === null || allowed.includes(name) ? [] : [problem(pointer, `The tenant may not use the model "${name}" for "${task}".`)];
}

/** What holds where the operator has numbers for all tenants and the policy of one has some of its own: null there means that there is none. */
export function numbersWith<Name extends string>(defaults: Readonly<Partial<Record<Name, number>>>, own: Readonly<Partial<Record<Name, number | null | undefined>>>): Partial<Record<Name, number>> {
  const said = Object.entries(own).filter(([, value]) => value !== undefined);
  if (said.length === 0) return defaults;
  return Object.fromEntries(Object.entries({ ...defaults, ...Object.fromEntries(said) }).filter(([, value]) => value !== null)) as Partial<Record<Name, number>>;
}

/** What the tenant has chosen, or what holds without a choice, as far as its policy lets it. */
export function boundedRetention({ retention }: TenantPolicy, chosen: RetentionPolicy): RetentionPolicy {
  const bounded = (name: keyof typeof retention): number | null => {
    const [most, days] = [retention[name], chosen[name]];
    return most === null || days === null ? (most ?? days) : Math.min(most, days);
  };
  const { replacedVersionDays: most } = retention;
  return { ...chosen, searchableHistoryDays: Math.min(most ?? Infinity, chosen.searchableHistoryDays), replacedVersionDays: bounded('replacedVersionDays'), failedArtifactDays: bounded('failedArtifactDays'), uploadDays: bounded('uploadDays'), jobDays: bounded('jobDays'), logDays: bounded('logDays') };
}

/** Of what is named; for ever is longer than any limit. */
export function retentionProblems({ retention }: TenantPolicy, wanted: RetentionChange): FieldProblem[] {
  // What is searched as of an earlier time are replaced versions.
  const limits = { ...retention, searchableHistoryDays: retention.replacedVersionDays };
  return (Object.keys(limits) as (keyof typeof limits)[]).flatMap((name) => {
    const [most, days] = [limits[name], wanted[name]];
    return most === null || days === undefined || (days !== null && days <= most) ? [] : [problem(`/${name}`, `The tenant may keep this for ${most} days at the longest.`)];
  });
}

function problem(pointer: string, detail: string): FieldProblem {
  return { pointer, code: 'TENANT_POLICY', detail };
}
