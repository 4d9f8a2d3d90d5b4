import type { Connection } from '@temporalio/client';
import type { HealthCheck } from '../../ports/healthCheck.ts';
import { allNamespaces, translateTemporalError } from './connection.ts';
import type { TenantNamespaces } from './connection.ts';

/** Well where the server answers for every namespace that is named. */
export function createTemporalHealthCheck(connection: Connection, namespaces: TenantNamespaces): HealthCheck {
  const names = allNamespaces(namespaces);
  return {
    name: 'temporal',
    async check(signal) {
      try {
        return await connection.withAbortSignal(signal, async () => {
          const { serverVersion } = await connection.workflowService.getSystemInfo({});
          await Promise.all(names.map((namespace) => connection.workflowService.describeNamespace({ namespace })));
          return `Temporal ${serverVersion}, ${names.length === 1 ? 'namespace' : 'namespaces'} ${names.join(', ')}`;
        });
      } catch (thrown) {
        throw translateTemporalError(thrown);
      }
    },
  };
}
