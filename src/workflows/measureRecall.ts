import { filling } from './activityProxies.ts';

/** Whether searches find what comparing with all points would find, sampled. What came of it stands with each generation. */
export async function measureRecall(): Promise<void> {
  await filling.measureRecall();
}
