import type { RefusalCause } from '../../contracts/overload.ts';
import { RefusalRate } from './refusalRate.ts';
import { WaitingRoom } from './waitingRoom.ts';
import type { Waiting } from './waitingRoom.ts';
import { WorkLimit } from './workLimit.ts';
import type { WorkLimitSettings } from './workLimit.ts';

export interface AdmissionSettings extends WorkLimitSettings {
  /** Longest wait for a place. */
  readonly waitMs: number;
  /** Most that wait, all tenants together. */
  readonly mostWaiting: number;
}

/**
 * For searches, which take some milliseconds of processor time each: beyond ten or so in work, more of them at once only makes each
 * slower. With 100 ms at work and 100 ms of waiting, the slowest of twenty stays well below half a second.
 */
export const searchAdmission: AdmissionSettings = { least: 6, first: 16, most: 64, targetMs: 100, stretch: 2, windowMs: 100, windowRequests: 10, waitMs: 100, mostWaiting: 128 };

export interface AdmissionState {
  readonly inWork: number;
  readonly waiting: number;
  readonly limit: number;
}

export type Entry =
  /** `leave`: called when the work has ended; more than once does no harm. */
  | { readonly admitted: true; readonly leave: () => void }
  /** `retryAfterMs`: the earliest time at which coming back makes sense. */
  | { readonly admitted: false; readonly cause: RefusalCause; readonly retryAfterMs: number };

/**
 * Lets so many requests work at once as the process gets through in good time, a few more wait for a moment, and refuses the rest
 * at once: what would be answered too late for anybody to read it must not take the time of those that can still be served.
 *
 * Tenants share: a free place goes to the tenant that has the fewest at work, and where nobody else can wait, the tenant with the
 * most waiting gives way. So a flood of one waits for and refuses itself.
 */
export class Admission {
  readonly #settings: AdmissionSettings;
  readonly #limit: WorkLimit;
  readonly #room: WaitingRoom;
  readonly #refusals = new RefusalRate();
  /** By tenant; none is 0. */
  readonly #inWork = new Map<string, number>();
  #working = 0;

  constructor(settings: AdmissionSettings) {
    this.#settings = settings;
    this.#limit = new WorkLimit(settings);
    this.#room = new WaitingRoom(settings.mostWaiting);
  }

  get state(): AdmissionState {
    return { inWork: this.#working, waiting: this.#room.size, limit: this.#limit.current };
  }

  /** Whether who comes now has to wait. */
  get isFull(): boolean {
    return this.#working >= this.#limit.current || this.#room.size > 0;
  }

  /** Resolves once the request may work, or must not. */
  async enter(tenant: string): Promise<Entry> {
    this.#refusals.offered(performance.now());
    const refused = this.isFull ? await this.#wait(tenant) : this.#take(tenant);
    if (refused === undefined) return { admitted: true, leave: this.#leaving(tenant) };
    const now = performance.now();
    this.#refusals.refused(now);
    return { admitted: false, cause: refused, retryAfterMs: this.#refusals.retryAfterMs(now) };
  }

  /** Resolves with nothing once a place is taken. */
  #wait(tenant: string): Promise<RefusalCause | undefined> {
    const { promise, resolve } = Promise.withResolvers<RefusalCause | undefined>();
    const end = (refused?: RefusalCause): void => {
      clearTimeout(timer);
      resolve(refused);
    };
    const waiting: Waiting = { tenant, begin: end, refuse: end };
    const timer = setTimeout(() => {
      if (this.#room.remove(waiting)) end('waited');
    }, this.#settings.waitMs);
    const gaveWay = this.#room.add(waiting);
    gaveWay?.refuse(gaveWay === waiting ? 'full' : 'displaced');
    this.#fill();
    return promise;
  }

  /** Gives places to those who wait, as long as there are any. */
  #fill(): void {
    while (this.#working < this.#limit.current) {
      const next = this.#room.takeNext((tenant) => this.#inWork.get(tenant) ?? 0);
      if (next === undefined) return;
      this.#take(next.tenant);
      next.begin();
    }
  }

  #take(tenant: string): undefined {
    this.#working += 1;
    this.#inWork.set(tenant, (this.#inWork.get(tenant) ?? 0) + 1);
  }

  #leaving(tenant: string): () => void {
    const startedAt = performance.now();
    let left = false;
    return () => {
      if (left) return;
      left = true;
      const now = performance.now();
      this.#limit.ended(now - startedAt, this.#working, now);
      this.#working -= 1;
      const others = (this.#inWork.get(tenant) ?? 1) - 1;
      if (others > 0) this.#inWork.set(tenant, others);
      else this.#inWork.delete(tenant);
      this.#fill();
    };
  }
}
