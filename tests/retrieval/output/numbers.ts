import type { Interval } from '../comparison/significance.ts';

export const score = (value: number): string => value.toFixed(4);

/** With its sign, and a real minus. */
export function signed(value: number): string {
  const text = Math.abs(value).toFixed(4);
  if (Number(text) === 0) return text;
  return `${value < 0 ? '−' : '+'}${text}`;
}

export const interval = ({ low, high }: Interval): string => `[${signed(low)}, ${signed(high)}]`;

/** 10,000 permutations tell nothing finer. */
export const probability = (value: number): string => (value < 0.0005 ? '< 0.0005' : value.toFixed(4));
