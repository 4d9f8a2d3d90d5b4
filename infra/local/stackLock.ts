import { join } from 'node:path';
import { LocalStackError } from './localStackError.ts';
import { isLock, lockHolder, tryLock, type Lock, type LockHolder } from './supervision/lock.ts';

/** @throws LocalStackError that names the process which runs a stack on this state folder already. */
export function lockStack(stateDirectory: string): Lock {
  const result = tryLock(lockFile(stateDirectory), process.cwd());
  if (isLock(result)) return result;
  throw new LocalStackError(
    `A local stack already runs on ${stateDirectory}: process ${result.pid}, started in ${result.folder}.`,
    `use that one, or end it (Ctrl-C in its terminal, or "kill ${result.pid}"), or set CATALYST_STATE_DIR and CATALYST_LOCAL_PORT_BASE for a second stack.`,
  );
}

/** Who runs a stack on a state folder, if anyone does. */
export function stackHolder(stateDirectory: string): LockHolder | undefined {
  return lockHolder(lockFile(stateDirectory));
}

function lockFile(stateDirectory: string): string {
  return join(stateDirectory, 'run', 'stack.lock');
}
