import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { installWithPip, findPython, pythonEntryName } from '../../infra/local/install/pythonInstall.ts';
import { processEnvironment } from '../../infra/local/processEnvironment.ts';
import { loadLocalSettings } from '../../infra/local/settings.ts';

const requirements = fileURLToPath(new URL('requirements.txt', import.meta.url));

export interface FuzzOptions {
  readonly url: string;
  readonly token: string;
  /** Budget of the whole run. */
  readonly seconds: number;
  /** Makes a run repeatable, as far as the API's state is the same. */
  readonly seed?: number | undefined;
  readonly log?: (text: string) => void;
}

export interface FuzzResult {
  /** 0 where nothing was found. */
  readonly code: number;
  readonly output: string;
  /** Requests that were sent. */
  readonly requests: number;
  /** Operations that got at least one request. */
  readonly operations: number;
}

/** What an answer must be, whatever was sent. */
const checks = [
  'not_a_server_error', 'status_code_conformance', 'content_type_conformance', 'response_headers_conformance', 'response_schema_conformance',
  'missing_required_header', 'unsupported_method', 'allow_header_conformance', 'ignored_auth',
];

/** A part that is away is a promised answer: the fetch service is, see fuzzStack.ts. */
const configuration = '[checks]\nnot_a_server_error.expected-statuses = ["2xx", "3xx", "4xx", 503]\n';

/** Sends what the API's own OpenAPI document says can be sent, and what it says cannot, and holds the answers against it. Installs Schemathesis where it is missing. */
export async function runSchemathesis({ url, token, seconds, seed, log = () => undefined }: FuzzOptions): Promise<FuzzResult> {
  const settings = loadLocalSettings({ ...processEnvironment(), CATALYST_PROFILE: 'test' }, process.cwd());
  const interpreter = await findPython(settings);
  const name = interpreter === undefined ? 'schemathesis' : await pythonEntryName('schemathesis', requirements, interpreter);
  const { python, folder } = await installWithPip(settings, name, requirements, { log, signal: new AbortController().signal });
  const workspace = await mkdtemp(join(tmpdir(), 'catalyst-fuzz-'));
  const report = join(workspace, 'calls.ndjson');
  try {
    await writeFile(join(workspace, 'schemathesis.toml'), configuration);
    const { code, output } = await run(
      python.executable,
      [
        '-m', 'schemathesis.cli', 'run', `${url}/openapi.json`, '--header', `Authorization:Bearer ${token}`, '--max-time', String(seconds), '--checks', checks.join(','),
        '--phases', 'examples,coverage,fuzzing,stateful', '--request-timeout', '20', '--continue-on-failure', '--no-color', '--generation-database', 'none', '--suppress-health-check', 'all',
        ...(seed === undefined ? [] : ['--seed', String(seed)]), '--report', 'ndjson', '--report-ndjson-path', report,
      ],
      { cwd: workspace, env: { ...settings.environment, PYTHONPATH: folder, PYTHONUNBUFFERED: '1' }, log },
    );
    return { code, output, ...(await countCalls(report)) };
  } finally {
    await rm(workspace, { recursive: true, force: true });
  }
}

function run(program: string, args: readonly string[], { cwd, env, log }: { readonly cwd: string; readonly env: Readonly<Record<string, string>>; readonly log: (text: string) => void }): Promise<{ code: number; output: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        output += text;
        log(text);
      });
    }
    child.once('error', reject);
    child.once('close', (code) => resolve({ code: code ?? 1, output }));
  });
}

async function countCalls(report: string): Promise<{ requests: number; operations: number }> {
  const text = await readFile(report, 'utf8');
  const operations = new Set([...text.matchAll(/"label":\s?"((?:GET|POST|PUT|PATCH|DELETE) [^"]+)"/g)].map(([, label]) => label));
  return { requests: [...text.matchAll(/"status_code":\s?\d+/g)].length, operations: operations.size };
}
