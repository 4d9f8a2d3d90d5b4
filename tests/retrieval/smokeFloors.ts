import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { allModes, usualConfigurations } from './configurations/configuration.ts';
import { metricNames, metricTitles } from './metrics.ts';
import type { MetricName } from './metrics.ts';
import type { ConfigurationResult } from './searchQueries.ts';

/** The shipped set: invented documents and questions, in BEIR layout. */
export const smokeFolder = join(import.meta.dirname, 'smoke');

/** The least that each of the usual configurations must reach, by name and metric. */
const floorsSchema = z.record(z.string(), z.partialRecord(z.enum(metricNames), z.number().min(0).max(1)));
export type Floors = z.infer<typeof floorsSchema>;

export async function readSmokeFloors(): Promise<Floors> {
  return floorsSchema.parse(JSON.parse(await readFile(join(smokeFolder, 'floors.json'), 'utf8')));
}

const guarded = usualConfigurations(allModes).map(({ name }) => name);

/** A sentence for each metric of a usual configuration that is below its floor; one for a configuration without floors, which would guard nothing. */
export function belowFloor(results: readonly ConfigurationResult[], floors: Floors): string[] {
  return results.filter(({ configuration }) => guarded.includes(configuration.name)).flatMap(({ configuration: { name }, metrics }) => {
    const ownFloors = Object.entries(floors[name] ?? {}) as [MetricName, number][];
    if (ownFloors.length === 0) return [`${name} has no floor.`];
    return ownFloors.filter(([metric, floor]) => metrics[metric] < floor).map(([metric, floor]) => `${name}: ${metricTitles[metric]} is ${metrics[metric].toFixed(4)}, below the floor of ${floor}.`);
  });
}
