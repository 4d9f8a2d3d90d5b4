/** Runs in a thread of the pool: the model blocks the thread that calls it, so it never runs on the main one. */
import { loadCrossEncoder } from './crossEncoderModel.ts';
import type { CrossEncoderModel } from './crossEncoderModel.ts';
import type { CrossEncoderAnswer, CrossEncoderTask } from './crossEncoderTask.ts';

let model: Promise<CrossEncoderModel> | undefined;

export async function score({ modelDirectory, tokenLimit, query, texts, stop }: CrossEncoderTask): Promise<CrossEncoderAnswer> {
  try {
    model ??= loadCrossEncoder(modelDirectory, tokenLimit);
    const scorePassage = (await model)(query);
    const scores: number[] = [];
    for (const text of texts) {
      if (Atomics.load(new Int32Array(stop), 0) !== 0) break;
      scores.push(await scorePassage(text));
    }
    return { scores };
  } catch (thrown) {
    // Errors lose their class on the way between threads.
    return { failure: thrown instanceof Error ? thrown.message : String(thrown) };
  }
}
