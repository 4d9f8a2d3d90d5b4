import { createParser } from 'eventsource-parser';
import type { EventSourceMessage } from 'eventsource-parser';

export interface EventStreamOptions {
  /** Called whenever bytes come, comments included. */
  readonly touch: () => void;
  /** Called with the milliseconds the server wants clients to wait before they reconnect. */
  readonly onRetry: (milliseconds: number) => void;
}

/** One event holds a job snapshot at most; more without an end is not an event stream. */
const longestEventCharacters = 4_000_000;

/** The server-sent events of a response, as they come. Ends with the response; leaving early closes the connection. */
export async function* readEventStream(response: Response, options: EventStreamOptions): AsyncGenerator<EventSourceMessage, void, undefined> {
  if (response.body === null) return;
  const received: EventSourceMessage[] = [];
  const parser = createParser({
    onEvent: (message) => void received.push(message),
    onRetry: options.onRetry,
    maxBufferSize: longestEventCharacters,
    onError: (error) => {
      if (error.type === 'max-buffer-size-exceeded') throw error;
    },
  });
  const decoder = new TextDecoder();
  const body: ReadableStream<Uint8Array> = response.body;
  for await (const chunk of body) {
    options.touch();
    parser.feed(decoder.decode(chunk, { stream: true }));
    yield* received.splice(0);
  }
}
