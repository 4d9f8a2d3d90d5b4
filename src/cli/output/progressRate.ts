/** How fast something goes now, and how long the rest will take, out of what was done when. Times in ms. */
export class ProgressRate {
  private readonly windowMs: number;
  private readonly samples: { readonly at: number; readonly done: number }[] = [];

  /** `windowMs`: how far back "now" reaches; long enough to span the slices in which documents finish. */
  constructor(windowMs = 60_000) {
    this.windowMs = windowMs;
  }

  add(at: number, done: number): void {
    const last = this.samples.at(-1);
    if (last !== undefined && last.at === at) this.samples.pop();
    this.samples.push({ at, done });
    // One sample older than the window stays, so that the window is always covered.
    while ((this.samples[1]?.at ?? Infinity) <= at - this.windowMs) this.samples.shift();
  }

  /** Per second; 0 before anything can be told. */
  perSecond(): number {
    const first = this.samples[0];
    const last = this.samples.at(-1);
    if (first === undefined || last === undefined || last.at === first.at) return 0;
    return ((last.done - first.done) * 1000) / (last.at - first.at);
  }

  /** Seconds until `total` is done; undefined while nothing moves. */
  remainingSeconds(total: number): number | undefined {
    const perSecond = this.perSecond();
    const done = this.samples.at(-1)?.done ?? 0;
    return perSecond > 0 ? Math.max(0, total - done) / perSecond : undefined;
  }
}
