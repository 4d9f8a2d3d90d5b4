import { textsPerGroup } from './textGroups.ts';

/** Groups of texts that one call of the embedder takes at the most: 64 texts, as many as a request to an endpoint holds. */
export const mostGroupsPerCall = 8;

/** Twice the texts have to come at this part of the time for each, or they are not worth the risk. */
const worthwhileGain = 0.8;
/** Calls of one size before it is judged, by the best of them: a call may meet a busy machine, and the first ones are slow. */
const callsPerLook = 3;
/** Calls after which larger ones are tried again: an endpoint has other hours. */
const callsBetweenTrials = 100;

/**
 * Finds how many groups a call should take, for one model in one process. Every text in a call is lost if the call is: so calls
 * stay small for a model whose time goes by texts, and grow where most of it is the way there and back.
 */
export class CallSize {
  #settled = 1;
  /** Best time for a text at the settled size, in milliseconds; undefined until it was looked at. */
  #settledPace: number | undefined;
  #trying = false;
  #calls = 0;
  #bestPace = Infinity;

  /** As a call surely is worth it. */
  get settledGroups(): number {
    return this.#settled;
  }

  /** That the next call should take. */
  get groups(): number {
    return this.#trying ? this.#settled * 2 : this.#settled;
  }

  /** Tells how long a call took; one of another size than the present, begun before it changed or the last of its texts, tells nothing. */
  measured(texts: number, milliseconds: number): void {
    if (texts !== this.groups * textsPerGroup) return;
    this.#calls += 1;
    this.#bestPace = Math.min(this.#bestPace, milliseconds / texts);
    if (this.#trying) this.#judgeTrial();
    else if (this.#calls >= (this.#settledPace === undefined ? callsPerLook : callsBetweenTrials)) this.#beginTrial(this.#bestPace);
  }

  #judgeTrial(): void {
    if (this.#calls < callsPerLook) return;
    const gained = this.#bestPace < (this.#settledPace ?? Infinity) * worthwhileGain;
    if (!gained) return this.#settle();
    this.#settled *= 2;
    this.#beginTrial(this.#bestPace);
  }

  #beginTrial(settledPace: number): void {
    this.#settle();
    this.#settledPace = settledPace;
    this.#trying = this.#settled < mostGroupsPerCall;
  }

  #settle(): void {
    [this.#trying, this.#calls, this.#bestPace] = [false, 0, Infinity];
  }
}
