import { randomUUID } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { defaultPayloadConverter } from '@temporalio/common';
import type { Client } from '@temporalio/client';
import type { WorkPrincipal } from '../../contracts/workPrincipal.ts';
import type { PrincipalSignatures } from '../../ports/principalSignatures.ts';
import { principalHeader } from '../../workflows/names.ts';
import { principalHeaders } from './connection.ts';

/** Whether the runs of a schedule bear this principal by the key that signs now. */
export async function isSignedNow(client: Client, scheduleId: string, principal: WorkPrincipal, signatures: PrincipalSignatures): Promise<boolean> {
  const { schedule } = await client.workflowService.describeSchedule({ namespace: client.options.namespace, scheduleId });
  const payload = schedule?.action?.startWorkflow?.header?.fields?.[principalHeader];
  if (payload == null) return false;
  const text: unknown = defaultPayloadConverter.fromPayload(payload);
  if (typeof text !== 'string' || !signatures.isCurrent(text)) return false;
  return signatures.verify(text).then((signed) => isDeepStrictEqual(signed, principal), () => false);
}

/**
 * Puts a principal on the runs of a schedule that is there. The SDK does so for new schedules alone, and keeps the header as it was in its
 * updates; so this is the call of the service itself.
 */
export async function signSchedule(client: Client, scheduleId: string, principal: WorkPrincipal, signatures: PrincipalSignatures): Promise<void> {
  const at = { namespace: client.options.namespace, scheduleId };
  const { schedule, conflictToken } = await client.workflowService.describeSchedule(at);
  const startWorkflow = schedule?.action?.startWorkflow;
  if (schedule == null || startWorkflow == null) return;
  const header = { fields: { ...startWorkflow.header?.fields, ...(await principalHeaders(principal, signatures)) } };
  await client.workflowService.updateSchedule({ ...at, schedule: { ...schedule, action: { startWorkflow: { ...startWorkflow, header } } }, conflictToken, identity: client.options.identity, requestId: randomUUID() });
}
