import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import * as z from 'zod';
import { LocalStackError } from './localStackError.ts';
import type { Environment } from './processEnvironment.ts';

/** Every port the stack listens on, in the order of their offset from the base port. */
export const portVariables = {
  api: 'CATALYST_API_PORT',
  temporal: 'CATALYST_LOCAL_TEMPORAL_PORT',
  temporalUi: 'CATALYST_LOCAL_TEMPORAL_UI_PORT',
  postgres: 'CATALYST_LOCAL_POSTGRES_PORT',
  s3: 'CATALYST_LOCAL_S3_PORT',
  qdrant: 'CATALYST_LOCAL_QDRANT_PORT',
  workerMetrics: 'CATALYST_WORKER_METRICS_PORT',
  qdrantGrpc: 'CATALYST_LOCAL_QDRANT_GRPC_PORT',
  codec: 'CATALYST_LOCAL_CODEC_PORT',
} as const;

export type PortName = keyof typeof portVariables;
export type Ports = Readonly<Record<PortName, number>>;

export interface LocalSettings {
  /** Absolute path; holds all data, logs, secrets and process files of one stack. */
  readonly stateDirectory: string;
  /** Absolute path; built programs and the model, shared between checkouts. */
  readonly cacheDirectory: string;
  readonly ports: Ports;
  /** The user's own variables (environment over `.env`): they win over what the stack would set. */
  readonly environment: Environment;
}

const highestOffset = Object.keys(portVariables).length - 1;
const port = z.coerce.number().int().min(1).max(65_535);
const portNames = Object.keys(portVariables) as PortName[];

const settingsSchema = z.object({
  CATALYST_STATE_DIR: z.string().default('.catalyst'),
  CATALYST_CACHE_DIR: z.string().optional(),
  XDG_CACHE_HOME: z.string().optional(),
  CATALYST_LOCAL_PORT_BASE: port.max(65_535 - highestOffset).default(7400),
  ...(Object.fromEntries(portNames.map((name) => [portVariables[name], port.optional()])) as Record<
    (typeof portVariables)[PortName],
    z.ZodOptional<typeof port>
  >),
});

/**
 * Reads the local stack's settings from `environment`; relative folders are taken from `workingDirectory`.
 * @throws LocalStackError that names each variable that cannot be used.
 */
export function loadLocalSettings(environment: Environment, workingDirectory: string): LocalSettings {
  const parsed = settingsSchema.safeParse(environment);
  if (!parsed.success) {
    const problems = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
    throw new LocalStackError(
      `The local stack's settings cannot be used: ${problems.join('; ')}.`,
      'correct these variables in the environment or in .env, or unset them to use the defaults.',
    );
  }
  const values = parsed.data;
  const ports = Object.fromEntries(
    portNames.map((name, offset) => [name, values[portVariables[name]] ?? values.CATALYST_LOCAL_PORT_BASE + offset]),
  ) as Record<PortName, number>;
  refuseSharedPorts(ports);
  const cacheHome = values.XDG_CACHE_HOME ?? join(homedir(), '.cache');
  return {
    stateDirectory: resolve(workingDirectory, values.CATALYST_STATE_DIR),
    cacheDirectory: resolve(workingDirectory, values.CATALYST_CACHE_DIR ?? join(cacheHome, 'catalyst-index')),
    ports,
    environment,
  };
}

function refuseSharedPorts(ports: Ports): void {
  const owners = new Map<number, PortName>();
  for (const name of portNames) {
    const other = owners.get(ports[name]);
    if (other !== undefined) {
      throw new LocalStackError(
        `Port ${ports[name]} is given to two services: ${other} and ${name}.`,
        `set ${portVariables[other]} or ${portVariables[name]} to another port.`,
      );
    }
    owners.set(ports[name], name);
  }
}
