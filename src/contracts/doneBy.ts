export interface Progress {
  readonly begun: Date;
  readonly now: Date;
  readonly filled: number;
  /** Undefined: not known. */
  readonly expected: number | undefined;
}

/** When a generation will be filled, by its pace since it was begun; null where that cannot be told yet. Time that it rested counts. */
export function doneBy({ begun, now, filled, expected }: Progress): Date | null {
  if (expected === undefined || filled === 0) return null;
  const left = Math.max(0, expected - filled);
  return new Date(now.getTime() + ((now.getTime() - begun.getTime()) * left) / filled);
}
