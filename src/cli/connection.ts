import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseEnv } from 'node:util';
import { z } from 'zod';
import type { CliContext } from './cliContext.ts';
import { UsageError } from './usageError.ts';

export interface ConnectionFlags {
  readonly url?: string | undefined;
  readonly token?: string | undefined;
}

export interface Connection {
  readonly url: string;
  readonly token: string | undefined;
}

const connectionFileSchema = z.object({ url: z.string(), token: z.string() });

/**
 * Where the API is and who asks: flags, then CATALYST_URL and CATALYST_TOKEN (also from `.env`), then the connection file
 * of the stack that `npm start` runs in this folder. The file's token is for the file's address alone.
 * @throws UsageError where no address is named or the file is damaged.
 */
export function resolveConnection(flags: ConnectionFlags, context: Pick<CliContext, 'environment' | 'workingDirectory'>): Connection {
  const environment = { ...environmentFile(context.workingDirectory), ...set(context.environment) };
  const url = flags.url ?? environment['CATALYST_URL'];
  const token = flags.token ?? environment['CATALYST_TOKEN'];
  if (url !== undefined && token !== undefined) return { url: checked(url), token };
  const path = join(resolve(context.workingDirectory, environment['CATALYST_STATE_DIR'] ?? '.catalyst'), 'connection.json');
  const file = connectionFile(path);
  if (url === undefined && file === undefined) {
    throw new UsageError('No API is named. Start one in this folder with "npm start", or set CATALYST_URL and CATALYST_TOKEN, or give --url and --token.');
  }
  const address = checked(url ?? file?.url ?? '');
  return { url: address, token: token ?? (file !== undefined && checked(file.url) === address ? file.token : undefined) };
}

function checked(url: string): string {
  if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol)) throw new UsageError(`"${url}" is not an http or https address.`);
  return url.replace(/\/+$/, '');
}

function connectionFile(path: string): Connection | undefined {
  const text = readIfPresent(path);
  if (text === undefined) return undefined;
  try {
    return connectionFileSchema.parse(JSON.parse(text));
  } catch {
    throw new UsageError(`${path} is damaged. Start the stack again with "npm start", which writes it anew, or give --url and --token.`);
  }
}

function environmentFile(folder: string): Record<string, string> {
  const text = readIfPresent(join(folder, '.env'));
  return text === undefined ? {} : set(parseEnv(text));
}

function readIfPresent(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR')) return undefined;
    throw new UsageError(`${path} cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** An empty variable is an unset one. */
function set(environment: Readonly<Record<string, string | undefined>>): Record<string, string> {
  return Object.fromEntries(Object.entries(environment).filter((entry): entry is [string, string] => entry[1] !== undefined && entry[1] !== ''));
}
