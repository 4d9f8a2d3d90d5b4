import { renderFigures } from '../load/figures.ts';
import type { Figure } from '../load/figures.ts';
import type { SoakCourse } from './soakRun.ts';

export function renderSoak({ minutes, perSecond, changes }: SoakCourse, verdict: readonly Figure[]): string {
  const good = verdict.every(({ reached }) => reached !== false);
  return [`${minutes} minutes at ${perSecond} searches a second`, ...renderFigures(verdict), ...changes.failures.map((failure) => `- ${failure}`), '', good ? 'The soak is good.' : 'The soak is NOT good.'].join('\n');
}
