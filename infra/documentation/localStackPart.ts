import { loadLocalSettings, portVariables } from '../local/settings.ts';
import type { PortName } from '../local/settings.ts';
import { codeText, markdownTable } from './markdown.ts';

const services: Readonly<Record<PortName, string>> = {
  api: 'the API',
  temporal: 'Temporal',
  temporalUi: 'the Temporal Web UI',
  postgres: 'PostgreSQL',
  s3: 'S3',
  qdrant: 'Qdrant (REST)',
  workerMetrics: 'the worker (health and metrics)',
  qdrantGrpc: 'Qdrant (gRPC; of a real Qdrant on PATH only)',
  codec: 'what decrypts payloads for the Temporal Web UI (where CATALYST_PAYLOAD_ENCRYPTION is on)',
};

const others: readonly (readonly [name: string, fallback: string, meaning: string])[] = [
  ['CATALYST_STATE_DIR', '.catalyst', 'Folder of all data, logs, secrets and process files of one stack; relative to the working directory.'],
  ['CATALYST_CACHE_DIR', 'catalyst-index below XDG_CACHE_HOME, else below .cache in the home folder', 'Built programs and the embedding model; shared between checkouts.'],
  ['CATALYST_START_ONCE', 'unset', '1: as `npm start -- --once`, which stops again once everything has worked.'],
];

const client: readonly (readonly [name: string, meaning: string])[] = [
  ['CATALYST_URL', 'Address of the API; the flag --url goes before it, and without either it is the stack that was started in this folder.'],
  ['CATALYST_TOKEN', 'Bearer token; the flag --token goes before it, and without either it is the one of the stack that was started in this folder, for that stack alone.'],
];

/** The variables of `npm start`, `npm run doctor` and the command line. */
export function localStackPart(): string {
  const { ports } = loadLocalSettings({}, '/');
  const names = Object.keys(portVariables) as PortName[];
  return [
    '## Local stack',
    'Read by `npm start` and `npm run doctor`, from the environment or from `.env`. (Tests start stacks of their own on free ports; of these variables they take over `CATALYST_CACHE_DIR` alone.) A server whose address is set (`TEMPORAL_ADDRESS`, `DATABASE_URL`, `S3_ENDPOINT`, `QDRANT_URL`) is used instead of being started.',
    markdownTable(['Variable', 'Default', 'What it says'], [
      ...others.map(([name, fallback, meaning]) => [codeText(name), fallback, meaning]),
      [codeText('CATALYST_LOCAL_PORT_BASE'), codeText(String(ports.api)), `First of the ${names.length} ports; moves all that are not set one by one.`],
      ...names.map((name) => [codeText(portVariables[name]), `base + ${ports[name] - ports.api}`, `Port of ${services[name]}.`]),
    ]),
    '## Command line',
    'Read by `npx catalyst`, from the environment or from `.env`. `CATALYST_STATE_DIR` says where the stack of this folder has its `connection.json`.',
    markdownTable(['Variable', 'What it says'], client.map(([name, meaning]) => [codeText(name), meaning])),
  ].join('\n\n');
}
