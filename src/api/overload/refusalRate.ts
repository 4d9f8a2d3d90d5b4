const windowMs = 1_000;
const shortestMs = 1_000;
const longestMs = 30_000;

/** How much is refused, and after which time the refused may come back so that there is a place for them. */
export class RefusalRate {
  #since = 0;
  #now = { offered: 0, refused: 0 };
  #before = { offered: 0, refused: 0 };

  offered(now: number): void {
    this.#turn(now);
    this.#now.offered += 1;
  }

  refused(now: number): void {
    this.#turn(now);
    this.#now.refused += 1;
  }

  /**
   * In seconds, as many as requests come for each that is admitted: if those that are refused came back spread over that time, about
   * as many would come as can be served.
   */
  retryAfterMs(now: number): number {
    this.#turn(now);
    const offered = this.#now.offered + this.#before.offered;
    const admitted = offered - this.#now.refused - this.#before.refused;
    return Math.min(longestMs, Math.max(shortestMs, Math.round((1_000 * offered) / Math.max(1, admitted))));
  }

  #turn(now: number): void {
    if (now - this.#since < windowMs) return;
    this.#before = now - this.#since < 2 * windowMs ? this.#now : { offered: 0, refused: 0 };
    this.#now = { offered: 0, refused: 0 };
    this.#since = now;
  }
}
