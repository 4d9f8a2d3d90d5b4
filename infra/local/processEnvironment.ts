import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseEnv } from 'node:util';

/** Variables by name. Unset and empty are the same thing to the local stack. */
export type Environment = Readonly<Record<string, string>>;

/** What this process was given. The local stack's only reader of the process's environment. */
export function processEnvironment(): Environment {
  return withoutEmpty(process.env);
}

/** The environment with the `.env` file of a folder underneath: what is set in the environment wins. */
export function withEnvironmentFile(environment: Environment, folder: string): Environment {
  let text: string;
  try {
    text = readFileSync(join(folder, '.env'), 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return environment;
    throw error;
  }
  return { ...withoutEmpty(parseEnv(text)), ...environment };
}

function withoutEmpty(variables: Record<string, string | undefined>): Environment {
  const set: Record<string, string> = {};
  for (const [name, value] of Object.entries(variables)) {
    if (value !== undefined && value !== '') set[name] = value;
  }
  return set;
}
