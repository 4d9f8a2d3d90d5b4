import type { ParsedDocument } from '../contracts/parsed.ts';

/** A file found inside a document, with its bytes. */
export interface AttachedFile {
  readonly fileName: string;
  readonly mediaType: string;
  readonly bytes: Uint8Array;
}

/** A parsed document before the files it holds are stored. */
export type ParsedFile = Omit<ParsedDocument, 'attachments'> & { readonly attachments: readonly AttachedFile[] };

export interface ParseHints {
  /** Media type as declared by the source; detection from content has the last word. */
  readonly mediaType: string | undefined;
  readonly fileName: string | undefined;
  /** Base for relative links. */
  readonly url: string | undefined;
}

/** Parses bytes of any supported type, off the event loop, within limits of time and memory. */
export interface DocumentParser {
  /** Settings that change what is made of the same bytes; part of the key under which it is kept. undefined: none do. */
  readonly settings: string | undefined;
  /** Documents that it reads at once; more wait. */
  readonly places: number;
  /**
   * A page that cannot be read within its limits is named in `lostPages`; the others are read.
   * `onProcessorTime` is told how many seconds a thread computed for it, whether it can be read or not; not of a thread that was ended.
   * Throws EMPTY_DOCUMENT, CORRUPT_DOCUMENT, PASSWORD_PROTECTED, UNSUPPORTED_TYPE, NO_TEXT_LAYER, PARSE_LIMIT_EXCEEDED.
   */
  parse(bytes: Uint8Array, hints: ParseHints, onProcessorTime?: (seconds: number) => void): Promise<ParsedFile>;
  close(): Promise<void>;
}
