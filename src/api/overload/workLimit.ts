/** All in milliseconds or requests. */
export interface WorkLimitSettings {
  /** Requests in work at once that are always allowed: so few that they hardly wait for each other. */
  readonly least: number;
  readonly first: number;
  readonly most: number;
  /** Mean time of a request that is always acceptable. */
  readonly targetMs: number;
  /** Mean time that is acceptable, as a multiple of what a request takes while few are in work. */
  readonly stretch: number;
  /** How long is looked before the limit moves, and of how many requests at least. */
  readonly windowMs: number;
  readonly windowRequests: number;
}

/** What a limit makes of a window that was too slow; more than what one window of growth gives. */
const decrease = 0.8;
/** How fast the undisturbed time rises to what is seen, per window. */
const rise = 0.2;

/**
 * How many requests may be in work at once, by what their times tell: one more after each window in which all places were taken and
 * the mean time was acceptable, a fifth fewer after one in which it was not (additive increase, multiplicative decrease).
 *
 * A search that asks an embedding endpoint far away takes long without any load here. So acceptable is also a multiple of the
 * *undisturbed* time, learnt from windows in which at most `least` were in work. Times under load can only lower it: else an overload
 * that lasts would be taken for the normal state, and the limit would grow with it.
 */
export class WorkLimit {
  readonly #settings: WorkLimitSettings;
  #limit: number;
  #undisturbedMs: number | undefined;
  #window = emptyWindow(0);

  constructor(settings: WorkLimitSettings) {
    this.#settings = settings;
    this.#limit = settings.first;
  }

  get current(): number {
    return Math.floor(this.#limit);
  }

  /** Mean time that is acceptable now. */
  get acceptableMs(): number {
    return Math.max(this.#settings.targetMs, this.#settings.stretch * (this.#undisturbedMs ?? 0));
  }

  /** A request has ended. `inWork`: how many were in work then, this one included. */
  ended(latencyMs: number, inWork: number, now: number): void {
    const window = this.#window;
    if (window.requests === 0) window.since = now - latencyMs;
    window.requests += 1;
    window.sumMs += latencyMs;
    window.mostInWork = Math.max(window.mostInWork, inWork);
    const { windowMs, windowRequests } = this.#settings;
    if (window.requests < windowRequests || now - window.since < windowMs) return;
    this.#move(window.sumMs / window.requests, window.mostInWork);
    this.#window = emptyWindow(now);
  }

  #move(meanMs: number, mostInWork: number): void {
    const { least, most } = this.#settings;
    this.#learn(meanMs, mostInWork);
    if (meanMs > this.acceptableMs) this.#limit = Math.max(least, this.#limit * decrease);
    else if (mostInWork >= this.current) this.#limit = Math.min(most, this.#limit + 1);
  }

  #learn(meanMs: number, mostInWork: number): void {
    const known = this.#undisturbedMs;
    if (known !== undefined && meanMs < known) this.#undisturbedMs = meanMs;
    else if (mostInWork <= this.#settings.least) this.#undisturbedMs = known === undefined ? meanMs : known + rise * (meanMs - known);
  }
}

interface Window {
  since: number;
  requests: number;
  sumMs: number;
  mostInWork: number;
}

function emptyWindow(since: number): Window {
  return { since, requests: 0, sumMs: 0, mostInWork: 0 };
}
