import type { Backup } from '../contracts/backups.ts';

const dayMs = 86_400_000;
/** Two nights are rarely a whole number of days apart. */
const slackMs = dayMs / 2;

/**
 * The newest good set, where none was read through within so many days; else null. Sets share their copies: the newest has nearly all that there
 * is. `days` 0: never.
 */
export function chooseUnverified(backups: readonly Pick<Backup, 'id' | 'state' | 'verification'>[], days: number, now: number): string | null {
  const isDue = days > 0 && !backups.some(({ verification }) => verification?.deep === true && Date.parse(verification.at) > now - days * dayMs + slackMs);
  const good = backups.filter(({ state }) => state === 'finished').map(({ id }) => id).sort();
  return isDue ? (good.at(-1) ?? null) : null;
}
