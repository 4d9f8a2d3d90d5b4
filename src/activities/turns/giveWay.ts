import { setImmediate } from 'node:timers/promises';

/**
 * Between two pieces of work that compute: whatever came in meanwhile is served first. A slice computed in one go would hold up all
 * other activities of the process, and its heartbeats, for as long as it takes.
 */
export function giveWay(): Promise<void> {
  return setImmediate();
}
