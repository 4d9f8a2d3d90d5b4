import { CatalystError } from '../../../src/contracts/errors.ts';
import type { BackfillRequest, RegisteredSource } from '../../../src/contracts/sources.ts';
import type { SourceSchedules } from '../../../src/ports/sourceSchedules.ts';

type ScheduledSource = Pick<RegisteredSource, 'id' | 'schedule' | 'paused'>;

export interface MemorySchedules extends SourceSchedules {
  /** What the workflow service holds, by `tenant/source`. */
  readonly held: Map<string, ScheduledSource>;
  readonly backfills: { readonly sourceId: string; readonly span: BackfillRequest }[];
  /** As if the service were away. */
  down: boolean;
}

/** Implements the port over a map. */
export function createMemorySchedules(): MemorySchedules {
  const held: MemorySchedules['held'] = new Map();
  const backfills: MemorySchedules['backfills'] = [];
  const work = async <Result>(action: () => Result): Promise<Result> => {
    if (schedules.down) throw new CatalystError('WORKFLOWS_UNAVAILABLE', 'Temporal does not answer.');
    return Promise.resolve(action());
  };
  const schedules: MemorySchedules = {
    held,
    backfills,
    down: false,
    apply: (tenant, source) =>
      work(() => {
        if (source.schedule === null) held.delete(`${tenant}/${source.id}`);
        else held.set(`${tenant}/${source.id}`, { id: source.id, schedule: source.schedule, paused: source.paused });
      }),
    remove: (tenant, sourceId) => work(() => void held.delete(`${tenant}/${sourceId}`)),
    describe: (tenant, sourceId) =>
      work(() => {
        const source = held.get(`${tenant}/${sourceId}`);
        return source === undefined ? undefined : { paused: source.paused, nextRuns: ['2030-01-01T03:00:00.000Z'], recentRuns: [{ at: '2026-01-01T03:00:00.000Z', workflowId: `source/${tenant}/${sourceId}` }] };
      }),
    backfill: (tenant, sourceId, span) =>
      work(() => {
        if (!held.has(`${tenant}/${sourceId}`)) throw new CatalystError('NOT_FOUND', `The source ${sourceId} has no schedule.`);
        backfills.push({ sourceId, span });
      }),
  };
  return schedules;
}
