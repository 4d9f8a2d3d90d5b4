import { setTimeout as sleep } from 'node:timers/promises';
import type { RegistryReader } from '../snapshot/registryReader.ts';

export interface Progress {
  /** Documents that ended, however. */
  readonly done: number;
  /** Documents of jobs that are not done. */
  readonly open: number;
  /** Jobs without an end. */
  readonly openJobs: number;
}

const betweenLooksMs = 250;

/** Looks into the registry all the time; keeps what it saw last while Postgres is away. */
export class ProgressWatch {
  readonly #reader: RegistryReader;
  #latest: Progress = { done: 0, open: 0, openJobs: 0 };
  #watching: Promise<void> | undefined;
  #stopped = false;

  constructor(reader: RegistryReader) {
    this.#reader = reader;
  }

  get latest(): Progress {
    return this.#latest;
  }

  start(): void {
    this.#watching ??= this.#watch();
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#watching;
  }

  async #watch(): Promise<void> {
    while (!this.#stopped) {
      this.#latest = (await this.look()) ?? this.#latest;
      await sleep(betweenLooksMs);
    }
  }

  /** A look of now; undefined where Postgres does not answer. */
  async look(): Promise<Progress | undefined> {
    try {
      const [row] = await this.#reader.read<{ done: number; open: number; jobs: number }>(`
        select (select count(distinct document_id)::integer from job_documents where state not in ('queued', 'running')) as done,
          (select count(*)::integer from job_documents where state in ('queued', 'running')) as open,
          (select count(*)::integer from jobs where finished_at is null) as jobs`);
      return row === undefined ? undefined : { done: row.done, open: row.open, openJobs: row.jobs };
    } catch {
      return undefined;
    }
  }
}
