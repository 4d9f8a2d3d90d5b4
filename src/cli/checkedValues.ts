import { InvalidArgumentError } from 'commander';
import { z } from 'zod';
import { patternObjection } from '../contracts/addressPattern.ts';
import { readCronLine } from '../contracts/cronLine.ts';
import { errorTable } from '../contracts/errors.ts';
import type { ErrorCode } from '../contracts/errors.ts';

/** For options that may be given several times, whose values are checked before anything is sent. */
export function collectAs<Value>(read: (text: string) => Value): (value: string, earlier: readonly Value[] | undefined) => Value[] {
  return (value, earlier) => [...(earlier ?? []), read(value)];
}

export function identifier(text: string): string {
  if (!z.uuid().safeParse(text).success) throw new InvalidArgumentError('It must be an identifier, such as 0198c0de-0000-7000-8000-000000000000.');
  return text.toLowerCase();
}

export function webAddress(text: string): string {
  if (!URL.canParse(text) || !/^https?:$/.test(new URL(text).protocol)) throw new InvalidArgumentError('It must be an http or https address.');
  return text;
}

export function addressPattern(text: string): string {
  const objection = text === '' ? 'A pattern is not empty' : patternObjection(text);
  if (objection !== undefined) throw new InvalidArgumentError(`${objection}.`);
  return text;
}

export function cronLine(text: string): string {
  const read = readCronLine(text);
  if (typeof read === 'string') throw new InvalidArgumentError(`${read}.`);
  return text;
}

export function errorCode(text: string): ErrorCode {
  const code = text.toUpperCase();
  if (!Object.hasOwn(errorTable, code)) throw new InvalidArgumentError('There is no such code; "catalyst dead-letters" shows those that occur.');
  return code as ErrorCode;
}

/** A day, or a time with its offset. */
export function moment(text: string): string {
  if (z.iso.date().safeParse(text).success) return `${text}T00:00:00Z`;
  if (!z.iso.datetime({ offset: true }).safeParse(text).success) throw new InvalidArgumentError('It must be a day or a time, such as 2026-01-31 or 2026-01-31T06:00:00Z.');
  return text;
}
