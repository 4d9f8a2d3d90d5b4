import { modelProblems } from '../../contracts/policyRules.ts';
import type { GenerationDependencies } from './dependencies.ts';

/** Tenants whose policy does not name the model: what they have may not be given to it. */
export async function forbiddingTenants({ policies }: Pick<GenerationDependencies, 'policies'>, tenants: readonly string[], model: string): Promise<string[]> {
  const forbidding: string[] = [];
  for (const tenant of tenants) if (modelProblems(await policies.read(tenant), 'embedding', model, '').length > 0) forbidding.push(tenant);
  return forbidding;
}

export function tellForbidding(tenants: readonly string[], model: string): string {
  return `Policies do not allow the model ${model}: those of ${tenants.slice(0, 5).join(', ')}${tenants.length > 5 ? ` and ${tenants.length - 5} more` : ''}.`;
}
