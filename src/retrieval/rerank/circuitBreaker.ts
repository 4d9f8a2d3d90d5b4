import type { CircuitState } from '../../contracts/rerank.ts';

export interface CircuitBreakerSettings {
  /** Failures in a row that open the circuit. */
  readonly failures: number;
  /** How long it stays open the first time; twice as long after each trial that fails, up to `longestOpenMs`. */
  readonly openMs: number;
  readonly longestOpenMs: number;
}

/** Leave to make one call, to be given back in exactly one of three ways. */
export interface Permit {
  succeeded(): void;
  /** `waitMs`: what the other side asked for; the circuit opens at once and for at least so long. */
  failed(waitMs?: number): void;
  /** Nobody waits for the call any more: it says nothing about the other side. */
  abandoned(): void;
}

export type CircuitListener = (state: CircuitState, openMs: number) => void;

/**
 * Keeps calls away from what fails. Opens after failures in a row, or where the other side asks to wait; after that time one call at a
 * time tries, while others are refused; its success closes the circuit.
 *
 * Own code, since neither opossum nor cockatiel fits: the first opens for one fixed time, whatever Retry-After says; the second lets
 * callers wait for the trial, and a search does not; both take a call that its caller gave up for a success.
 */
export class CircuitBreaker {
  readonly #settings: CircuitBreakerSettings;
  readonly #onChange: CircuitListener;
  readonly #now: () => number;
  #state: CircuitState = 'closed';
  #failuresInARow = 0;
  #openings = 0;
  #openUntil = 0;
  #trialRuns = false;
  /** Goes up with every change: what began before it says nothing about the present state. */
  #epoch = 0;

  constructor(settings: CircuitBreakerSettings, onChange: CircuitListener, now: () => number = () => performance.now()) {
    this.#settings = settings;
    this.#onChange = onChange;
    this.#now = now;
  }

  get state(): CircuitState {
    return this.#state;
  }

  /** undefined: no call may be made now. */
  enter(): Permit | undefined {
    if (this.#state === 'open' && this.#now() >= this.#openUntil) this.#change('half-open');
    if (this.#state === 'open' || this.#trialRuns) return undefined;
    this.#trialRuns = this.#state === 'half-open';
    const epoch = this.#epoch;
    const ifCurrent = (act: () => void): void => {
      if (epoch === this.#epoch) act();
    };
    return {
      succeeded: () => ifCurrent(() => this.#succeed()),
      failed: (waitMs) => {
        if (waitMs !== undefined && waitMs > 0) this.#wait(waitMs, epoch);
        else ifCurrent(() => this.#fail());
      },
      abandoned: () => ifCurrent(() => {
        this.#trialRuns = false;
      }),
    };
  }

  #succeed(): void {
    this.#failuresInARow = 0;
    if (this.#state === 'closed') return;
    this.#openings = 0;
    this.#change('closed');
  }

  #fail(): void {
    this.#failuresInARow += 1;
    if (this.#state === 'half-open' || this.#failuresInARow >= this.#settings.failures) this.#open(this.#nextOpenMs());
  }

  /** What is asked for holds whenever the call began; in an open circuit it can only make the wait longer. */
  #wait(waitMs: number, epoch: number): void {
    if (this.#state === 'open') this.#openUntil = Math.max(this.#openUntil, this.#now() + waitMs);
    else this.#open(epoch === this.#epoch && this.#state === 'half-open' ? Math.max(waitMs, this.#nextOpenMs()) : waitMs);
  }

  #nextOpenMs(): number {
    const openMs = Math.min(this.#settings.openMs * 2 ** this.#openings, this.#settings.longestOpenMs);
    this.#openings += 1;
    return openMs;
  }

  #open(openMs: number): void {
    this.#openUntil = this.#now() + openMs;
    this.#change('open', openMs);
  }

  #change(state: CircuitState, openMs = 0): void {
    this.#state = state;
    this.#epoch += 1;
    this.#failuresInARow = 0;
    this.#trialRuns = false;
    this.#onChange(state, openMs);
  }
}
