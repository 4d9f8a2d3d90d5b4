import { RecentUse } from './recentUse.ts';

/** A piece of work that takes many turns, one at a time. */
export interface Line {
  /** Runs the work in a turn, which costs as much as is told, in any unit. Throws the reason of the signal if that comes before the turn. */
  run<Result>(cost: number, signal: AbortSignal, work: () => Promise<Result>): Promise<Result>;
}

interface Waiting {
  readonly tenant: string;
  readonly job: string;
  /** When its line was joined. */
  readonly place: number;
  readonly cost: number;
  readonly begin: () => void;
}

/**
 * Hands out turns at what many want and few can have at once. Of those that wait, the tenant goes first that used least in the
 * last minutes, and of its jobs the one that did: who has a little work is through at once, however much another has brought, and
 * those with much share evenly. Within a job the line goes first that was joined first: it is better that some documents are done
 * than that all are half done.
 */
export class FairTurns {
  readonly #used: RecentUse;
  /** By job; none is empty. */
  readonly #waiting = new Map<string, Waiting[]>();
  #free: number;
  #lines = 0;

  constructor(turns: number, now?: () => number) {
    this.#free = turns;
    this.#used = new RecentUse(now);
  }

  line(tenant: string, jobId: string): Line {
    this.#lines += 1;
    const own = { tenant, job: `${tenant} ${jobId}`, place: this.#lines };
    return {
      run: async (cost, signal, work) => {
        await this.#turn({ ...own, cost }, signal);
        try {
          return await work();
        } finally {
          this.#free += 1;
          this.#handOut();
        }
      },
    };
  }

  #turn(wanted: Omit<Waiting, 'begin'>, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const leave = (): void => {
      this.#remove(waiting);
      reject(signal.reason);
    };
    const begin = (): void => {
      signal.removeEventListener('abort', leave);
      resolve();
    };
    const waiting: Waiting = { ...wanted, begin };
    signal.addEventListener('abort', leave, { once: true });
    const ofJob = this.#waiting.get(waiting.job);
    if (ofJob === undefined) this.#waiting.set(waiting.job, [waiting]);
    else ofJob.push(waiting);
    this.#handOut();
    return promise;
  }

  #remove(waiting: Waiting): void {
    const left = this.#waiting.get(waiting.job)?.filter((other) => other !== waiting) ?? [];
    if (left.length > 0) this.#waiting.set(waiting.job, left);
    else this.#waiting.delete(waiting.job);
  }

  #handOut(): void {
    while (this.#free > 0 && this.#waiting.size > 0) {
      const next = this.#next();
      this.#remove(next);
      this.#free -= 1;
      this.#used.add(next.tenant, next.cost);
      this.#used.add(next.job, next.cost);
      next.begin();
    }
  }

  #next(): Waiting {
    const jobs = [...this.#waiting.values()] as [Waiting, ...Waiting[]][];
    const rated = jobs.map((ofJob) => ({ ofJob, tenantUse: this.#used.of(ofJob[0].tenant), jobUse: this.#used.of(ofJob[0].job) }));
    const first = rated.reduce((best, other) => ((other.tenantUse - best.tenantUse || other.jobUse - best.jobUse) < 0 ? other : best));
    return first.ofJob.reduce((best, other) => (other.place < best.place ? other : best));
  }
}
