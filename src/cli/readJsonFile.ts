import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { z } from 'zod';
import type { CliContext } from './cliContext.ts';
import { UsageError } from './usageError.ts';

/** The JSON of a file, checked before anything is sent; `what` names it in messages. Throws UsageError. */
export async function readJsonFile<Schema extends z.ZodType>({ workingDirectory }: CliContext, file: string, schema: Schema, what: string): Promise<z.output<Schema>> {
  const path = resolve(workingDirectory, file);
  const text = await readFile(path, 'utf8').catch((thrown: unknown) => Promise.reject(new UsageError(`${path} cannot be read: ${thrown instanceof Error ? thrown.message : String(thrown)}`)));
  const read = schema.safeParse(parsed(text));
  if (read.success) return read.data;
  const [issue] = read.error.issues;
  throw new UsageError(`${path} does not hold ${what}: ${issue?.path.join('/') ?? ''} ${issue?.message ?? ''}`);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
