import type { TenantAccount } from '../../contracts/tenants.ts';
import { whole } from '../output/numbers.ts';
import { table } from '../output/table.ts';
import { oneLine } from '../output/terminal.ts';

export function tenantsText(tenants: readonly TenantAccount[]): string {
  if (tenants.length === 0) return 'There are no tenants.\n';
  return table([['tenant', 'name', 'state', 'since'], ...tenants.map(({ tenant, name, state, created, createdAt }) => [tenant, oneLine(name ?? ''), state, `${createdAt.slice(0, 10)}${created ? '' : ' (not created)'}`])]);
}

export function tenantText({ tenant, name, state, suspension, deletion, receipt, policy }: TenantAccount): string {
  const limits = Object.entries(policy).filter(([, value]) => value !== null && JSON.stringify(value) !== '{}');
  return table([
    ['tenant', tenant],
    ...(name === null ? [] : [['name', oneLine(name)]]),
    ['state', state],
    ...(suspension === null ? [] : [['suspended', `${suspension.at} by ${oneLine(suspension.by)}: ${oneLine(suspension.reason)}`]]),
    ...(deletion === null ? [] : [['deletion', `${deletion.id}, asked for at ${deletion.requestedAt} by ${oneLine(deletion.by)}`]]),
    ...(receipt === null ? [] : [['receipt', `${whole(receipt.before.documents)} documents, ${whole(receipt.before.points)} points, ${whole(receipt.before.artifacts)} artifacts; ${receipt.digest}`]]),
    ...limits.map(([key, value]) => [key, oneLine(JSON.stringify(value))]),
  ]);
}
