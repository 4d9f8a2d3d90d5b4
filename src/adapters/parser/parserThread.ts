import { parseDocument } from '../../documents/parse.ts';
import { answerOf } from './message.ts';
import type { ParseAnswer, ParseTask } from './message.ts';

/** Runs in a thread of the pool. */
export async function parse({ bytes, hints }: ParseTask): Promise<ParseAnswer> {
  try {
    return { parsed: await parseDocument(bytes, hints) };
  } catch (thrown) {
    return answerOf(thrown);
  }
}
