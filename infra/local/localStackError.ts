/** Thrown when the local stack cannot do what was asked. `remedy` says what the user can do about it. */
export class LocalStackError extends Error {
  override readonly name = 'LocalStackError';
  readonly remedy: string;

  constructor(message: string, remedy: string, options?: ErrorOptions) {
    super(message, options);
    this.remedy = remedy;
  }
}

/** One text for a terminal: what happened, and the remedy where there is one. */
export function describeFailure(failure: unknown): string {
  if (failure instanceof LocalStackError) return `${failure.message}\n  What to do: ${failure.remedy}`;
  return failure instanceof Error ? failure.message : String(failure);
}
