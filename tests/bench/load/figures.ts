import { quantile, round } from '../statistics.ts';

/** Milliseconds. */
export interface Times {
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
  readonly count: number;
}

export function timesOf(values: readonly number[]): Times {
  return { p50: round(quantile(values, 0.5)), p95: round(quantile(values, 0.95)), p99: round(quantile(values, 0.99)), count: values.length };
}

export const textOf = ({ p50, p95, p99 }: Times): string => `p50 ${p50}, p95 ${p95}, p99 ${p99} ms`;

/** One thing measured. `reached` is undefined where there is no goal. */
export interface Figure {
  readonly what: string;
  readonly measured: string;
  readonly against: string;
  readonly value: string;
  readonly goal: string;
  readonly reached: boolean | undefined;
}

export function renderFigures(figures: readonly Figure[]): string[] {
  if (figures.length === 0) return [];
  const verdict = ({ reached }: Figure) => (reached === undefined ? '' : reached ? 'reached' : '**not reached**');
  const lines = figures.map((figure) => `| ${figure.what} | ${figure.measured} | ${figure.against} | ${figure.value} | ${figure.goal} | ${verdict(figure)} |`);
  return ['', '| what | measured | against | figure | goal | |', '|---|---|---|---|---|---|', ...lines];
}
