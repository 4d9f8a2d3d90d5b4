/** Thrown when a command cannot begin because of how it was called; the message is for the reader. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}
