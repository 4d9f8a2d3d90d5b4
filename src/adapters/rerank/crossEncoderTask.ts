/** Some passages of one ranking, for one thread. */
export interface CrossEncoderTask {
  readonly modelDirectory: string;
  readonly tokenLimit: number;
  readonly query: string;
  readonly texts: readonly string[];
  /** One Int32: anything but 0 asks the thread to stop before the next passage. Shared by all tasks of the ranking. */
  readonly stop: SharedArrayBuffer;
}

/** Scores of the first passages: of all, unless the thread was asked to stop. */
export type CrossEncoderAnswer = { readonly scores: readonly number[] } | { readonly failure: string };
