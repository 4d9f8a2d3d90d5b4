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
  /**
   * Throws EMPTY_DOCUMENT, CORRUPT_DOCUMENT, PASSWORD_PROTECTED, UNSUPPORTED_TYPE, NO_TEXT_LAYER, PARSE_LIMIT_EXCEEDED.
   */
  parse(bytes: Uint8Array, hints: ParseHints): Promise<ParsedFile>;
  close(): Promise<void>;
}
