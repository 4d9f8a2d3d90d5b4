import { parseDocument } from '../../documents/parse.ts';
import { answerOf } from './message.ts';
import type { ParseAnswer, ParseTask } from './message.ts';
import { PageClock } from './pageClock.ts';
import { remoteRecogniser } from './recogniserChannel.ts';

/** Runs in a thread of the pool. */
export async function parse({ bytes, hints, clock, lostPages, recogniser }: ParseTask): Promise<ParseAnswer> {
  const pages = new PageClock(clock);
  try {
    const tools = recogniser === undefined ? {} : { recogniser: remoteRecogniser(recogniser.port, recogniser.mostPages) };
    return { parsed: await parseDocument(bytes, hints, { ...tools, lostPages, onPage: (page) => { pages.start(page); } }) };
  } catch (thrown) {
    return answerOf(thrown);
  } finally {
    recogniser?.port.close();
  }
}
