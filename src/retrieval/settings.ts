import type { FusionSettings } from './fusion/fuse.ts';

export interface SearchSettings {
  readonly fusion: FusionSettings;
  /** Fewest hits asked of each leg; what fusion has to choose from. */
  readonly legDepth: number;
  /** Most times the legs are asked in one search, where few documents fill the first ranks. */
  readonly maximumRounds: number;
  /** Passages kept in memory, in characters (two bytes each). */
  readonly payloadCacheCharacters: number;
}

/** Chosen by measurement: docs/decisions/0003-fusion.md. */
export const defaultSearchSettings: SearchSettings = {
  fusion: { method: 'min-max', denseWeight: 0.6, rankConstant: 60 },
  legDepth: 100,
  maximumRounds: 6,
  payloadCacheCharacters: 16_000_000,
};
