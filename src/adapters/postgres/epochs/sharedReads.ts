import { within } from '../../../contracts/within.ts';

export interface SharedReadsOptions {
  /** Milliseconds that a caller waits at the most. */
  readonly patienceMs: number;
  /** What a caller gets who would wait longer. */
  readonly late: () => Error;
}

/** What goes on for one key. */
interface Lane<Value> {
  readonly begunAt: number;
  /** Resolves when the read that is under way has ended, well or not. */
  readonly ended: Promise<void>;
  /** The read after it, for all who came since it began. */
  next: Promise<Value> | undefined;
}

/**
 * At most one read a key is under way; those who ask meanwhile share the next one, which begins when it has ended. So an answer is never
 * older than the question, and any number of questions costs no more than one read after the other.
 * While a read takes longer than the patience, nobody else waits for it.
 */
export function createSharedReads<Value extends NonNullable<unknown>>(read: (key: string) => Promise<Value>, { patienceMs, late }: SharedReadsOptions): (key: string) => Promise<Value> {
  const lanes = new Map<string, Lane<Value>>();

  function begin(key: string): Promise<Value> {
    const reading = read(key);
    const lane: Lane<Value> = { begunAt: performance.now(), ended: reading.then(ignore, ignore).then(() => end(key, lane)), next: undefined };
    lanes.set(key, lane);
    return reading;
  }
  function end(key: string, lane: Lane<Value>): void {
    // Where there is a next one, it takes the place of this.
    if (lane.next === undefined) lanes.delete(key);
  }

  return (key) => {
    const lane = lanes.get(key);
    if (lane === undefined) return inTime(begin(key), patienceMs, late);
    if (performance.now() - lane.begunAt > patienceMs) return Promise.reject(late());
    lane.next ??= inTime(lane.ended.then(() => begin(key)), patienceMs, late);
    return lane.next;
  };
}

const ignore = (): void => undefined;

async function inTime<Value extends NonNullable<unknown>>(reading: Promise<Value>, patienceMs: number, late: () => Error): Promise<Value> {
  const value = await within(patienceMs, reading);
  if (value === undefined) throw late();
  return value;
}
