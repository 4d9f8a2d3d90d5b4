import type { TenantAccount, TenantPolicy } from '../../contracts/tenants.ts';
import { whole } from '../output/numbers.ts';
import { table } from '../output/table.ts';
import { oneLine } from '../output/terminal.ts';

export function tenantsText(tenants: readonly TenantAccount[]): string {
  if (tenants.length === 0) return 'There are no tenants.\n';
  return table([['tenant', 'name', 'state', 'since'], ...tenants.map(({ tenant, name, state, created, createdAt }) => [tenant, oneLine(name ?? ''), state, `${createdAt.slice(0, 10)}${created ? '' : ' (not created)'}`])]);
}

export function tenantText({ tenant, name, state, suspension, deletion, receipt, policy }: TenantAccount): string {
  return table([
    ['tenant', tenant],
    ...(name === null ? [] : [['name', oneLine(name)]]),
    ['state', state],
    ...(suspension === null ? [] : [['suspended', `${suspension.at} by ${oneLine(suspension.by)}: ${oneLine(suspension.reason)}`]]),
    ...(deletion === null ? [] : [['deletion', `${deletion.id}, asked for at ${deletion.requestedAt} by ${oneLine(deletion.by)}`]]),
    ...(receipt === null ? [] : [['receipt', `${whole(receipt.before.documents)} documents, ${whole(receipt.before.points)} points, ${whole(receipt.before.artifacts)} artifacts${receipt.others === undefined ? '' : `, and ${whole(receipt.others.objects)} objects of work that was not finished`}; ${receipt.digest}`]]),
    ...limitsOf(policy).map(([key, value]) => [key, oneLine(JSON.stringify(value))]),
  ]);
}

/** What the policy says; lists and days of null say nothing, numbers of null say that there is no limit. */
function limitsOf(policy: TenantPolicy): [string, unknown][] {
  return Object.entries(policy).flatMap(([key, value]): [string, unknown][] => {
    if (value === null || Array.isArray(value)) return value === null ? [] : [[key, value]];
    const told = Object.entries(value).filter(([, part]) => (ofNumbers.has(key) ? JSON.stringify(part) !== '{}' : part !== null));
    return told.length === 0 ? [] : [[key, Object.fromEntries(told)]];
  });
}

const ofNumbers = new Set(['quotas', 'rates', 'budget']);
