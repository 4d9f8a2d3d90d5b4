import { BaseSequencer } from 'vitest/node';
import type { TestSpecification } from 'vitest/node';

/** Files of these folders take from half a minute to some minutes each. */
const long = /\/tests\/(?:attack|chaos|lifecycle|fuzz|e2e|workflows|retrieval|contract\/parser)\//;

/**
 * What takes long begins first, so that no worker is left alone with it at the end while the other has nothing to do. Vitest knows by itself
 * how long files took, but not in a fresh checkout, where it goes by their size.
 */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    return [...sorted.filter(({ moduleId }) => long.test(moduleId)), ...sorted.filter(({ moduleId }) => !long.test(moduleId))];
  }
}
