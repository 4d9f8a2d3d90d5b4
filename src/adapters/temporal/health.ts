import type { Connection } from '@temporalio/client';
import type { HealthCheck } from '../../ports/healthCheck.ts';
import { translateTemporalError } from './connection.ts';

export function createTemporalHealthCheck(connection: Connection, namespace: string): HealthCheck {
  return {
    name: 'temporal',
    async check(signal) {
      try {
        return await connection.withAbortSignal(signal, async () => {
          const { serverVersion } = await connection.workflowService.getSystemInfo({});
          await connection.workflowService.describeNamespace({ namespace });
          return `Temporal ${serverVersion}, namespace ${namespace}`;
        });
      } catch (thrown) {
        throw translateTemporalError(thrown);
      }
    },
  };
}
