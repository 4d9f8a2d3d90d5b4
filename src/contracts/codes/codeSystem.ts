/** A classification whose codes are found in documents and can be filtered by. */
export interface CodeSystem {
  /** As sentences name it. */
  readonly title: string;
  /** What a filter may hold, as problems and the reference tell it. */
  readonly expectation: string;
  /** The one stored form of a code, however it is written; undefined where the text has not the form of one. */
  canonical(text: string): string | undefined;
  /** Broader codes of a canonical one, the nearest first. */
  ancestors(code: string): string[];
  /**
   * The codes one of which a chunk must carry, by itself or as an ancestor, to be found by this text of a filter: the code itself,
   * or each code of a range. Undefined where the text is neither, or the range is too wide.
   */
  wanted(text: string): string[] | undefined;
}
