export interface InactivityTimer {
  /** Aborted once nothing was touched for the time given. */
  readonly signal: AbortSignal;
  readonly milliseconds: number;
  readonly touch: () => void;
  readonly stop: () => void;
}

/** Limits silence, not duration: a transfer of any length is well as long as something moves. */
export function startInactivityTimer(milliseconds: number): InactivityTimer {
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(), milliseconds);
  return { signal: controller.signal, milliseconds, touch: () => void timer.refresh(), stop: () => clearTimeout(timer) };
}
