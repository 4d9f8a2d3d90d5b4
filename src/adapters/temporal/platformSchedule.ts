import { ScheduleAlreadyRunning } from '@temporalio/client';
import type { ScheduleOptions } from '@temporalio/client';
import { translateTemporalError } from './connection.ts';
import type { TemporalClients } from './connection.ts';
import { isSignedNow, signSchedule } from './scheduleSignature.ts';

/**
 * Makes a schedule of the product itself, whose runs act for the platform in this work. One that is there stays as it is, since an operator
 * may have made it his own; only its principal, and the encryption of its input, are renewed.
 */
export async function ensurePlatformSchedule(clients: TemporalClients, namespace: string, work: string, options: ScheduleOptions): Promise<void> {
  const principal = { kind: 'platform', workflowId: work } as const;
  const { scheduleId } = options;
  try {
    await clients.actingFor(principal, namespace).schedule.create(options);
  } catch (thrown) {
    if (!(thrown instanceof ScheduleAlreadyRunning)) throw translateTemporalError(thrown);
    await renew();
  }

  async function renew(): Promise<void> {
    try {
      const client = clients.ofNamespace(namespace);
      if (await isSignedNow(client, scheduleId, principal, clients.signatures)) return;
      // Reading and writing it encrypts its input by the key of now; the SDK leaves the header as it is.
      await client.schedule.getHandle(scheduleId).update(({ spec, action, policies, state }) => ({ spec, action, policies, state }));
      await signSchedule(client, scheduleId, principal, clients.signatures);
    } catch (thrown) {
      throw translateTemporalError(thrown);
    }
  }
}
