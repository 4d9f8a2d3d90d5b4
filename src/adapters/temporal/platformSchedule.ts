import { ScheduleAlreadyRunning } from '@temporalio/client';
import type { ScheduleOptions } from '@temporalio/client';
import { allNamespaces, translateTemporalError } from './connection.ts';
import type { TemporalClients } from './connection.ts';
import { isSignedNow, signSchedule } from './scheduleSignature.ts';

/**
 * Makes a schedule of the product itself, whose runs act for the platform, in each namespace: for the tenants whose work runs there. One that
 * is there stays as it is, since an operator may have made it his own; only its principal, and the encryption of its input, are renewed.
 */
export async function ensurePlatformSchedule(clients: TemporalClients, options: ScheduleOptions): Promise<void> {
  for (const namespace of allNamespaces(clients.namespaces)) await ensureIn(namespace, clients, options);
}

async function ensureIn(namespace: string, clients: TemporalClients, options: ScheduleOptions): Promise<void> {
  const principal = { kind: 'platform', workflowId: options.scheduleId } as const;
  try {
    await clients.actingFor(principal, namespace).schedule.create(options);
  } catch (thrown) {
    if (!(thrown instanceof ScheduleAlreadyRunning)) throw translateTemporalError(thrown);
    await renew();
  }

  async function renew(): Promise<void> {
    try {
      const client = clients.ofNamespace(namespace);
      if (await isSignedNow(client, principal, clients.signatures)) return;
      // Reading and writing it encrypts its input by the key of now; the SDK leaves the header as it is.
      await client.schedule.getHandle(options.scheduleId).update(({ spec, action, policies, state }) => ({ spec, action, policies, state }));
      await signSchedule(client, principal, clients.signatures);
    } catch (thrown) {
      throw translateTemporalError(thrown);
    }
  }
}
