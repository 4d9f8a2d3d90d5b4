import { CatalystError } from '../../contracts/errors.ts';
import type { SourceReader } from '../../ports/sourceReader.ts';
import type { WebClient } from '../shared/webClient.ts';
import { createHttpClient, type HttpClientOptions } from './httpClient.ts';

/** Reads pages that were asked for by name, over HTTP: what they say to crawlers (noindex) does not count here, robots.txt does. */
export function createHttpFetcher(options: HttpClientOptions): SourceReader {
  return createWebReader(createHttpClient(options));
}

/** The same over a client that is shared with the discovery of sources; closing the reader closes it. */
export function createWebReader(web: WebClient): SourceReader {
  return {
    async read(url, signal, validators) {
      const answer = await web.follow(url, { signal, validators });
      if (answer.type === 'notModified') return { notModified: true, record: answer.record };
      if (answer.type === 'unaccepted') throw new CatalystError('UNSUPPORTED_TYPE', `${url} is of the type ${answer.mediaType}.`);
      return { bytes: answer.bytes, mediaType: answer.mediaType, title: undefined, record: answer.record };
    },
    close: () => web.close(),
  };
}
