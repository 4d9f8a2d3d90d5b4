import type { CompactionThresholds } from '../../contracts/generations.ts';

export interface LifecycleSettings {
  readonly compaction: CompactionThresholds;
  /** How long a generation that no longer serves is kept complete, so that there is a way back. */
  readonly graceMs: number;
}
