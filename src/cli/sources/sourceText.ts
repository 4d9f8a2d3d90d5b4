import type { RegisteredSource, ScheduleState, SourceDefinition } from '../../contracts/sources.ts';
import { count, duration, whole } from '../output/numbers.ts';
import { table } from '../output/table.ts';
import { oneLine } from '../output/terminal.ts';

export function sourcesText(sources: readonly RegisteredSource[]): string {
  if (sources.length === 0) return 'No sources. To add one: catalyst source add NAME --website ADDRESS\n';
  return table([['source', 'name', 'from', 'documents', 'runs', 'last job'], ...sources.map((source) => [source.id, oneLine(source.name), placeOf(source.definition), whole(source.documents), whenText(source), source.lastJob?.state ?? 'never'])], [3], '');
}

export function sourceText(source: RegisteredSource): string {
  const { id, name, definition, onMissing, documents, lastJob } = source;
  return [
    `Source ${id}: ${oneLine(name)}\n`,
    `  ${definition.type} ${placeOf(definition)}\n`,
    `  ${count(documents, 'document')}; missing ones are ${onMissing === 'delete' ? 'deleted' : 'kept'}\n`,
    `  runs: ${whenText(source)}\n`,
    lastJob === null ? '' : `  last job: ${lastJob.id} ${lastJob.state} ${lastJob.createdAt}\n`,
  ].join('');
}

export function scheduleText({ nextRuns, recentRuns }: ScheduleState): string {
  return [...recentRuns.map(({ at }) => `  ran ${at}\n`), ...nextRuns.slice(0, 3).map((at) => `  next ${at}\n`)].join('');
}

function placeOf(definition: SourceDefinition): string {
  switch (definition.type) {
    case 'bucket':
      return `${definition.bucket}/${oneLine(definition.prefix)}`;
    case 'pages':
      return count(definition.urls.length, 'page');
    default:
      return oneLine(definition.url);
  }
}

function whenText({ schedule, paused }: RegisteredSource): string {
  if (schedule === null) return 'by hand';
  const parts = [...(schedule.cron ?? []), ...(schedule.everySeconds === undefined ? [] : [`every ${duration(schedule.everySeconds)}`])];
  return `${parts.join(', ')}${paused ? ' (paused)' : ''}`;
}
