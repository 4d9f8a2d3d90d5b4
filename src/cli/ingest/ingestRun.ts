import type { FieldProblem } from '../../contracts/errors.ts';
import type { IngestResponse, Job } from '../../contracts/jobs.ts';
import { CatalystApiError } from '../../sdk/apiError.ts';
import type { CatalystClient, DocumentInput, IngestInput } from '../../sdk/client.ts';
import { forEachConcurrently } from '../forEachConcurrently.ts';
import { PauseNotes } from '../jobs/pauseNotes.ts';
import type { Progress } from '../output/progressDisplay.ts';
import { Slots } from '../slots.ts';
import { localFailure, refusal } from './failures.ts';
import type { LocalFailure } from './failures.ts';
import { JobTally } from './jobTally.ts';
import { prepareDocument } from './prepareDocument.ts';
import type { PreparedDocument, SharedAttributes } from './prepareDocument.ts';
import type { IngestSource } from './sources.ts';

export interface IngestRunOptions {
  readonly client: CatalystClient;
  readonly attributes: SharedAttributes;
  /** Budget, concurrency and the like of each job. */
  readonly how: Pick<IngestInput, 'budget' | 'concurrency' | 'dryRun'>;
  /** Whether to follow the jobs until they are finished. */
  readonly wait: boolean;
  readonly signal: AbortSignal;
  readonly onProgress: (progress: Progress) => void;
  /** Called with what a user should know meanwhile. */
  readonly onNote: (line: string) => void;
}

interface Batch {
  readonly sources: IngestSource[];
  readonly documents: DocumentInput[];
  bytes: number;
}

const documentsPerRequest = 2000;
const bytesPerRequest = 8_000_000;
const preparedAtOnce = 4;
/** Each watched job holds a connection. */
const watchedAtOnce = 8;

/** Hands sources over as jobs, a batch at a time while others already run, and follows the jobs. Used once. */
export class IngestRun {
  readonly tallies: JobTally[] = [];
  readonly failures: LocalFailure[] = [];
  /** Documents that were handed over. */
  accepted = 0;
  private readonly options: IngestRunOptions;
  private readonly stop = new AbortController();
  private readonly signal: AbortSignal;
  private readonly watches: Promise<Job>[] = [];
  private readonly slots = new Slots(watchedAtOnce);
  private batch: Batch = { sources: [], documents: [], bytes: 0 };
  private total = 0;

  constructor(options: IngestRunOptions) {
    this.options = options;
    this.signal = AbortSignal.any([options.signal, this.stop.signal]);
  }

  /**
   * The finished jobs (none where nobody waits). What became of single documents stands in `failures` and in the jobs.
   * @throws CatalystApiError for what concerns all documents, such as an API that is away; the abort reason when aborted.
   */
  async run(sources: readonly IngestSource[]): Promise<Job[]> {
    this.total = sources.length + this.failures.length;
    this.report();
    await forEachConcurrently(sources, preparedAtOnce, (source) => this.take(source));
    await this.submit(this.fullBatch());
    return Promise.all(this.watches);
  }

  private async take(source: IngestSource): Promise<void> {
    this.signal.throwIfAborted();
    let prepared: PreparedDocument;
    try {
      prepared = await prepareDocument(source, this.options.attributes, this.options.client, this.signal);
    } catch (error) {
      if (!concernsOneDocument(error)) throw error;
      this.failures.push(localFailure(source.id, error));
      this.report();
      return;
    }
    // Taking out a full batch and adding to the next happen at once: nothing awaits in between.
    const full = this.isFull(prepared) ? this.fullBatch() : undefined;
    this.batch.sources.push(source);
    this.batch.documents.push(prepared.input);
    this.batch.bytes += prepared.bytes;
    if (full !== undefined) await this.submit(full);
  }

  private isFull(next: PreparedDocument): boolean {
    return this.batch.documents.length >= documentsPerRequest || (this.batch.documents.length > 0 && this.batch.bytes + next.bytes > bytesPerRequest);
  }

  private fullBatch(): Batch {
    const full = this.batch;
    this.batch = { sources: [], documents: [], bytes: 0 };
    return full;
  }

  private async submit(batch: Batch): Promise<void> {
    if (batch.documents.length === 0) return;
    let answer: IngestResponse;
    try {
      answer = await this.options.client.ingest({ documents: batch.documents, onInvalid: 'skip', ...this.options.how }, { signal: this.signal });
    } catch (error) {
      if (!(error instanceof CatalystApiError) || error.code !== 'INVALID_DOCUMENTS') throw error;
      // All of them are invalid: nothing was taken, and the problems name each.
      for (const [index, source] of batch.sources.entries()) this.refuse(source, problemsAt(error, index));
      return;
    }
    for (const { index, problems } of answer.invalid) {
      const source = batch.sources[index];
      if (source !== undefined) this.refuse(source, problems);
    }
    this.accepted += answer.documents.length;
    if (answer.documents.length > 0) this.follow(new JobTally(answer.jobId, answer.documents.length));
  }

  private refuse(source: IngestSource, problems: readonly FieldProblem[]): void {
    this.failures.push(refusal(source.id, problems));
    this.report();
  }

  private follow(tally: JobTally): void {
    this.tallies.push(tally);
    this.report();
    if (!this.options.wait) return;
    const pauses = new PauseNotes(tally.jobId, this.options.onNote);
    const onProgress = (update: Parameters<JobTally['add']>[0]): void => {
      tally.add(update);
      pauses.tell(update);
      this.report();
    };
    const watch = this.slots.use(() => this.options.client.waitForJob(tally.jobId, { signal: this.signal, onProgress }));
    // A watch that fails ends the sending too; `run` tells its failure.
    watch.catch((error: unknown) => this.stop.abort(error));
    this.watches.push(watch);
  }

  private report(): void {
    const sum = (part: 'done' | 'failed'): number => this.tallies.reduce((total, tally) => total + tally[part], 0);
    const handled = this.accepted + this.failures.length;
    const done = this.options.wait ? sum('done') + this.failures.length : handled;
    const sending = this.options.wait && handled < this.total;
    // Of several jobs each tells its own; of one it is that of the whole.
    const only = this.tallies.length === 1 && !sending ? this.tallies[0] : undefined;
    this.options.onProgress({ done, total: this.total, failed: sum('failed') + this.failures.length, note: sending ? `${handled} sent` : only?.note, remaining: only?.remaining });
  }
}

/** Whether the rest of the run makes sense after this failure. */
function concernsOneDocument(error: unknown): error is CatalystApiError {
  if (!(error instanceof CatalystApiError)) return false;
  return error.code === 'CONTENT_UNREADABLE' || error.status === 400 || error.status === 413 || error.status === 415 || error.status === 422;
}

function problemsAt(error: CatalystApiError, index: number): readonly FieldProblem[] {
  const pointer = `/documents/${index}`;
  const own = error.problems.filter((problem) => problem.pointer === pointer || problem.pointer.startsWith(`${pointer}/`));
  return own.length === 0 ? [{ pointer, code: error.code, detail: error.detail }] : own;
}
