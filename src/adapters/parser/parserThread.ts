import { startProcessorTime } from '../../contracts/processorTime.ts';
import { parseDocument } from '../../documents/parse.ts';
import { answerOf } from './message.ts';
import type { ParseAnswer, ParseTask } from './message.ts';
import { PageClock } from './pageClock.ts';
import { remoteRecogniser } from './recogniserChannel.ts';

/** Runs in a thread of the pool. */
export async function parse({ bytes, hints, clock, lostPages, recogniser }: ParseTask): Promise<ParseAnswer> {
  const pages = new PageClock(clock);
  const processorTime = startProcessorTime();
  try {
    const tools = recogniser === undefined ? {} : { recogniser: remoteRecogniser(recogniser.port, recogniser.mostPages) };
    const parsed = await parseDocument(bytes, hints, { ...tools, lostPages, onPage: (page) => { pages.start(page); } });
    return { parsed, processorSeconds: processorTime.seconds() };
  } catch (thrown) {
    return { ...answerOf(thrown), processorSeconds: processorTime.seconds() };
  } finally {
    recogniser?.port.close();
  }
}
