import type { Backup } from '../contracts/backups.ts';

export interface KeepRule {
  readonly days: number;
  /** So many of the newest good ones stay, however old they are. */
  readonly least: number;
}

const dayMs = 86_400_000;

/** Sets whose time is over. A set that is not good goes once it is as old; the newest of all never does, since it may be in work. */
export function chooseExpired(backups: readonly Pick<Backup, 'id' | 'state' | 'startedAt'>[], { days, least }: KeepRule, now: number): string[] {
  const newestFirst = [...backups].sort((left, right) => (left.id < right.id ? 1 : -1));
  const good = newestFirst.filter(({ state }) => state === 'finished').slice(0, least);
  const kept = new Set([...good, ...newestFirst.slice(0, 1)].map(({ id }) => id));
  return newestFirst.filter(({ id, startedAt }) => !kept.has(id) && Date.parse(startedAt) < now - days * dayMs).map(({ id }) => id);
}
