import type { Log } from './install/toolCache.ts';

const reminderEvery = 20_000;

/** The time since `begun` (milliseconds of the epoch), for a person: "0.4 s", "12 s", "2 min 5 s". */
export function elapsed(begun: number, now = Date.now()): string {
  const seconds = (now - begun) / 1000;
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  return whole < 60 ? `${whole} s` : `${Math.floor(whole / 60)} min ${whole % 60} s`;
}

/** Runs a step with a line at its beginning, a sign of life while it lasts, and a line at its end. */
export async function timed<T>(log: Log, step: string, work: () => Promise<T>): Promise<T> {
  const begun = Date.now();
  log(`${step} …`);
  const reminder = setInterval(() => log(`still ${step.split(',')[0] ?? step} (${elapsed(begun)})`), reminderEvery);
  try {
    const result = await work();
    log(`done: ${step.split(',')[0] ?? step} (${elapsed(begun)})`);
    return result;
  } finally {
    clearInterval(reminder);
  }
}
