import type { JobRegistry } from '../../ports/jobRegistry.ts';
import type { Database } from './database.ts';
import { createJobReads } from './jobReads.ts';
import { createJobWrites } from './jobWrites.ts';

export function createJobRegistry(database: Database): JobRegistry {
  return { ...createJobReads(database), ...createJobWrites(database) };
}
