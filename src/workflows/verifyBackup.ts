import { backingUp } from './activityProxies.ts';

export interface VerifyBackupInput {
  readonly id: string;
  /** By all bytes. */
  readonly deep: boolean;
}

/** Compares a set with what the backup bucket holds; what it found is kept beside the set. */
export async function verifyBackup({ id, deep }: VerifyBackupInput): Promise<void> {
  await backingUp.verifyBackup(id, deep);
}
