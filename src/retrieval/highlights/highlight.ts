/** Part of a passage, in UTF-16 offsets. */
export interface Highlight {
  readonly start: number;
  readonly end: number;
}
