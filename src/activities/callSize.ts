/** Groups of texts that one call of the embedder takes at the most: 64 texts, as many as a request to an endpoint holds. */
export const mostGroupsPerCall = 8;

/** Twice the texts have to come at this part of the time for each, or they are not worth the risk. */
const worthwhileGain = 0.8;

/**
 * Finds how many groups a call should take. Every text in a call is lost if the call is: so calls stay small for a model
 * whose time goes by texts, and grow where most of it is the way there and back.
 */
export class CallSize {
  #groups = 1;
  #growing = true;
  #lastPerText: number | undefined;

  get groups(): number {
    return this.#groups;
  }

  /** Tells how long a full call took. */
  measured(texts: number, milliseconds: number): void {
    if (!this.#growing || texts === 0) return;
    const perText = milliseconds / texts;
    const gained = this.#lastPerText === undefined || perText < this.#lastPerText * worthwhileGain;
    if (!gained) this.#groups = Math.max(1, this.#groups / 2);
    this.#growing = gained && this.#groups < mostGroupsPerCall;
    if (this.#growing) this.#groups *= 2;
    this.#lastPerText = perText;
  }
}
