import { isCancellation } from '@temporalio/workflow';
import { backingUp } from './activityProxies.ts';
import { failureOf } from './failures.ts';

export interface VerifyBackupInput {
  /** Null: the one that is due, if any; of the schedule. */
  readonly id: string | null;
  /** By all bytes. */
  readonly deep: boolean;
}

/** Compares a set with what the backup bucket holds; what it found is kept beside the set. */
export async function verifyBackup({ id, deep }: VerifyBackupInput): Promise<void> {
  let chosen = id;
  try {
    chosen ??= (await backingUp.chooseVerification()).id;
    if (chosen !== null) await backingUp.verifyBackup(chosen, deep);
  } catch (thrown) {
    if (isCancellation(thrown)) throw thrown;
    await backingUp.failVerification(chosen, failureOf(thrown));
    throw thrown;
  }
}
