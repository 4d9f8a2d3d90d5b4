export interface WindowState {
  readonly allowed: boolean;
  /** By all processes, as far as they have told each other. */
  readonly taken: number;
  /** Of the quota, in this window. */
  readonly left: number;
  /** Milliseconds until the window ends. */
  readonly resetMs: number;
}

/** What each holder of a quota has taken in the present window; in memory, so that asking costs no round trip. */
export interface WindowCounts {
  /** Takes `points` of the quota, or nothing where they do not fit. 0 takes nothing, and makes the key one that is exchanged. */
  take(key: string, points: number, quota: number): Promise<WindowState>;
  /** Gives back what was taken for work that was not done; once the window is over, nothing. `window` as it was when they were taken. */
  giveBack(key: string, points: number, quota: number, window: number): Promise<void>;
  /** The number of the present window. */
  readonly window: number;
  /** Tells what this process took since it was last asked, and takes over what all have taken together; one exchange after the other. Never rejects. */
  exchange(shared: SharedWindowCounts): Promise<void>;
}

/** The same counts over all processes. */
export interface SharedWindowCounts {
  /** Adds to the counts of a window, and answers what they are then. `window` grows by one with each. */
  add(window: number, taken: ReadonlyMap<string, number>): Promise<ReadonlyMap<string, number>>;
}
