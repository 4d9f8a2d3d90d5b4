import type { TextRecogniser } from '../../ports/textRecogniser.ts';

export interface ParserPoolOptions {
  /** Documents parsed at the same time, each in a thread of its own. */
  readonly threads: number;
  /** Longest time for one document, counted from when its thread takes it up. */
  readonly timeoutSeconds: number;
  /** Longest time for one page of it; a page that takes longer is left out, and named. */
  readonly pageTimeoutSeconds: number;
  /** Memory of one thread: heap and buffers together. */
  readonly memoryMegabytes: number;
  /** Reads pages that are pictures; undefined: they are left out, and named. */
  readonly recogniser?: TextRecogniser | undefined;
}
