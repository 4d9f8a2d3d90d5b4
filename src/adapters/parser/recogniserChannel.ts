import { once } from 'node:events';
import type { MessagePort } from 'node:worker_threads';
import { CatalystError } from '../../contracts/errors.ts';
import type { PageRecogniser } from '../../documents/parseTools.ts';
import type { RecognisedWord, TextRecogniser } from '../../ports/textRecogniser.ts';
import { answerOf } from './message.ts';
import type { FailureAnswer } from './message.ts';

type Answer = { readonly words: readonly RecognisedWord[] } | FailureAnswer;

/**
 * Recognises what a parser thread sends through a channel, page after page. The programs belong to this side: when the thread is
 * ended, or the time is up, none is left running.
 */
export function serveRecogniser(port: MessagePort, recogniser: TextRecogniser, timeUp: AbortSignal): void {
  const closed = new AbortController();
  port.on('close', () => { closed.abort(); });
  port.on('message', (picture: Uint8Array) => {
    recogniser
      .recognise(picture, AbortSignal.any([timeUp, closed.signal]))
      .then((words): Answer => ({ words }), answerOf)
      .then((answer) => { port.postMessage(answer); }, () => { port.close(); });
  });
}

/** The other end, in the thread. */
export function remoteRecogniser(port: MessagePort, mostPages: number): PageRecogniser {
  return {
    mostPages,
    async recognise(picture) {
      port.postMessage(picture);
      const [answer] = await once(port, 'message') as [Answer];
      if ('code' in answer) throw new CatalystError(answer.code, answer.message);
      return [...answer.words];
    },
  };
}
