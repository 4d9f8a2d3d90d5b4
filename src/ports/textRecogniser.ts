/** A word read from a picture; its place in pixels from the upper left corner. */
export interface RecognisedWord {
  readonly text: string;
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
  /** Words of one block of the page (a column, a caption) share its number. */
  readonly block: number;
  /** Words of one line share its number. */
  readonly line: number;
}

/** Reads text from pictures of pages (optical character recognition). */
export interface TextRecogniser {
  /** Everything that changes what it reads: program, version, languages. Texts made with other settings are made anew. */
  readonly settings: string;
  /** Pages of one document that are recognised at the most. */
  readonly mostPages: number;
  /**
   * The words of a picture (PNG) in reading order; none where it shows no text.
   * Throws PARSE_LIMIT_EXCEEDED when it takes too long or is aborted, INTERNAL when the program fails.
   */
  recognise(picture: Uint8Array, signal: AbortSignal): Promise<RecognisedWord[]>;
}
