import type { FullStack } from '../support/fullStack.ts';

/** As the kernel does when memory runs out; the supervisor starts another. */
export function killWorker(stack: FullStack): void {
  const pid = stack.services.worker?.pid;
  if (pid === undefined) return;
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It had ended already, and its successor is not there yet.
  }
}
