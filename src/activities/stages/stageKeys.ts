import { digestOfJson } from '../../contracts/identifiers.ts';
import type { Digest } from '../../contracts/identifiers.ts';

/** Names the output of a pure step by everything that it depends on: the step, its version and settings, and its input. */
export function stageKey(step: string, version: string | number, ...inputs: readonly unknown[]): Digest {
  return digestOfJson([step, version, inputs]);
}
