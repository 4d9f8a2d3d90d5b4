import type { CliContext } from '../cliContext.ts';
import { count, duration, rate, whole } from './numbers.ts';
import { ProgressRate } from './progressRate.ts';
import { terminalWidth } from './terminal.ts';

export interface Progress {
  readonly done: number;
  readonly total: number;
  readonly failed: number;
  /** What is going on besides, such as "sending". */
  readonly note?: string | undefined;
  /** The total still grows: a share of it would say nothing. */
  readonly openEnded?: boolean | undefined;
  /** Seconds left as an interval, where the API told it; null: it cannot tell; undefined: reckoned here from the pace so far. */
  readonly remaining?: { readonly p10: number; readonly p90: number } | null | undefined;
}

const barCharacters = 24;
const drawEveryMs = 150;
const lineEveryMs = 5000;

/** Shows progress on stderr: a bar that redraws itself on a terminal, a plain line every few seconds elsewhere. */
export class ProgressDisplay {
  private readonly stream: CliContext['stderr'];
  private readonly live: boolean;
  private readonly rate = new ProgressRate();
  private readonly timer: NodeJS.Timeout;
  private latest: Progress | undefined;
  private shown = '';

  constructor(context: Pick<CliContext, 'stderr' | 'environment'>) {
    this.stream = context.stderr;
    this.live = context.stderr.isTTY === true && context.environment['TERM'] !== 'dumb';
    // A timer, not the updates, sets the pace: rate and remaining time go on while nothing finishes.
    this.timer = setInterval(() => this.draw(), this.live ? drawEveryMs : lineEveryMs);
  }

  update(progress: Progress): void {
    this.latest = progress;
    this.rate.add(Date.now(), progress.done);
  }

  /** Writes a line that stays, above the bar. */
  note(line: string): void {
    this.clear();
    this.stream.write(`${line}\n`);
  }

  stop(): void {
    clearInterval(this.timer);
    this.clear();
  }

  private clear(): void {
    if (this.live && this.shown !== '') this.stream.write('\r\u001b[2K');
    this.shown = '';
  }

  private draw(): void {
    if (this.latest === undefined) return;
    this.rate.add(Date.now(), this.latest.done);
    const line = progressLine(this.latest, this.rate, this.live);
    if (!this.live) {
      this.stream.write(`${line}\n`);
      return;
    }
    if (line === this.shown) return;
    this.stream.write(`\r\u001b[2K${line.slice(0, terminalWidth(this.stream) - 1)}`);
    this.shown = line;
  }
}

export function progressLine(progress: Progress, speed: ProgressRate, bar: boolean): string {
  const { done, total, failed, note, remaining: told } = progress;
  const share = total === 0 ? 0 : done / total;
  const filled = Math.floor(share * barCharacters);
  const remaining = speed.remainingSeconds(total);
  const parts = [
    bar && progress.openEnded !== true ? `${'█'.repeat(filled)}${'░'.repeat(barCharacters - filled)}` : undefined,
    `${whole(done)}/${count(total, 'document')}`,
    progress.openEnded === true ? undefined : `${Math.floor(share * 100)} %`,
    speed.perSecond() > 0 ? `${rate(speed.perSecond())} documents/s` : undefined,
    done >= total || progress.openEnded === true ? undefined : leftText(told, remaining),
    failed === 0 ? undefined : `${whole(failed)} failed`,
    note,
  ];
  return parts.filter((part) => part !== undefined).join('  ');
}

function leftText(told: Progress['remaining'], reckoned: number | undefined): string | undefined {
  if (told === null) return undefined;
  if (told !== undefined) return duration(told.p10) === duration(told.p90) ? `${duration(told.p90)} left` : `${duration(told.p10)} to ${duration(told.p90)} left`;
  return reckoned === undefined ? undefined : `${duration(reckoned)} left`;
}
