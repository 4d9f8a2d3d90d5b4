import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { searchModes } from '../../src/contracts/search.ts';
import { isPlain } from './configurations/configuration.ts';
import { metricNames, metricTitles } from './metrics.ts';
import type { MetricName } from './metrics.ts';
import type { ConfigurationResult } from './searchQueries.ts';

/** The shipped set: invented documents and questions, in BEIR layout. */
export const smokeFolder = join(import.meta.dirname, 'smoke');

/** The least that each mode must reach, by metric. */
const floorsSchema = z.partialRecord(z.enum(searchModes), z.partialRecord(z.enum(metricNames), z.number().min(0).max(1)));
export type Floors = z.infer<typeof floorsSchema>;

export async function readSmokeFloors(): Promise<Floors> {
  return floorsSchema.parse(JSON.parse(await readFile(join(smokeFolder, 'floors.json'), 'utf8')));
}

/** A sentence for each metric of a plain mode that is below its floor; one for a mode without floors, which would guard nothing. */
export function belowFloor(results: readonly ConfigurationResult[], floors: Floors): string[] {
  return results.filter(({ configuration }) => isPlain(configuration)).flatMap(({ configuration: { name, mode }, metrics }) => {
    const modeFloors = Object.entries(floors[mode] ?? {}) as [MetricName, number][];
    if (modeFloors.length === 0) return [`${mode} has no floor.`];
    return modeFloors.filter(([metric, floor]) => metrics[metric] < floor).map(([metric, floor]) => `${name}: ${metricTitles[metric]} is ${metrics[metric].toFixed(4)}, below the floor of ${floor}.`);
  });
}
