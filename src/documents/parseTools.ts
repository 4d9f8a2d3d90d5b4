import type { ParsedText } from '../contracts/parsed.ts';
import type { RecognisedWord } from '../ports/textRecogniser.ts';

export type LostPage = ParsedText['lostPages'][number];

/** What parsing may use and whom it tells, besides the bytes; all may be missing. */
export interface ParseTools {
  /** Reads text from pictures of pages; without it such pages have none. */
  readonly recogniser?: PageRecogniser;
  /** Told which page is read next, and undefined between pages, so that a page that never ends can be told from a long document. */
  readonly onPage?: (page: number | undefined) => void;
  /** Pages that ended an earlier try: they are not read again. */
  readonly lostPages?: readonly LostPage[];
}

/** Text recognition as a parser sees it: limits of time are kept by who runs it. */
export interface PageRecogniser {
  readonly mostPages: number;
  /** Throws PARSE_LIMIT_EXCEEDED when the page takes too long; everything else ends the document. */
  recognise(picture: Uint8Array): Promise<RecognisedWord[]>;
}
