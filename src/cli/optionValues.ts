import { InvalidArgumentError } from 'commander';
import type { Metadata } from '../contracts/documents.ts';

type MetadataValue = Metadata[string];

/** For options that may be given several times. */
export function collect(value: string, earlier: readonly string[] | undefined): string[] {
  return [...(earlier ?? []), value];
}

export function wholeNumber(minimum: number, maximum: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!/^\d+$/.test(text) || value < minimum || value > maximum) throw new InvalidArgumentError(`It must be a whole number from ${minimum} to ${maximum}.`);
    return value;
  };
}

export function positiveNumber(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value) || value <= 0) throw new InvalidArgumentError('It must be a number above 0.');
  return value;
}

export function part(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !(value >= 0 && value <= 1)) throw new InvalidArgumentError('It must be a number from 0 to 1.');
  return value;
}

/** `90s`, `15m`, `6h`, `1d`, as seconds. */
export function seconds(minimum: number, maximum: number): (text: string) => number {
  return (text) => {
    const [, value, unit] = /^(\d+)\s*(s|m|h|d)$/.exec(text) ?? [];
    const factor = { s: 1, m: 60, h: 3600, d: 86_400 }[unit ?? ''];
    if (value === undefined || factor === undefined) throw new InvalidArgumentError('It must be a number with its unit, such as 90s, 15m, 6h or 1d.');
    const total = Number(value) * factor;
    if (total < minimum || total > maximum) throw new InvalidArgumentError(`It must be from ${minimum}s to ${Math.floor(maximum / 86_400)}d.`);
    return total;
  };
}

/** `key=value`; a key given several times is a list. Numbers, true and false are typed; quotes keep them text: `year='"2024"'`. */
export function metadataOption(text: string, earlier: Metadata | undefined): Metadata {
  const [, key, value] = /^([^=]+)=(.*)$/s.exec(text) ?? [];
  if (key === undefined || value === undefined) throw new InvalidArgumentError('It must be of the form key=value.');
  return { ...earlier, [key]: joined(earlier?.[key], scalarOf(value)) };
}

function joined(earlier: MetadataValue | undefined, value: string | number | boolean): MetadataValue {
  if (earlier === undefined) return value;
  return [...(Array.isArray(earlier) ? earlier : [String(earlier)]), String(value)];
}

/** Only what would be written the same way again is a number, so that "007" and "1e3" stay text. */
export function scalarOf(text: string): string | number | boolean {
  if (text === 'true' || text === 'false') return text === 'true';
  if (text !== '' && String(Number(text)) === text && Number.isFinite(Number(text))) return Number(text);
  return /^".*"$/s.test(text) ? text.slice(1, -1) : text;
}
