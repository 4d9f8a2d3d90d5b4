/**
 * `npm test`: type check, lint and dependency rules, while missing servers are installed, then all tests; `npm test -- PATH…` runs the tests under these paths alone.
 * The last line counts everything that passed and failed, the static checks among them.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { dependencies } from '../infra/local/dependencies/catalogue.ts';
import { dependencyNames } from '../infra/local/dependencies/dependency.ts';
import { processEnvironment } from '../infra/local/processEnvironment.ts';
import { loadLocalSettings } from '../infra/local/settings.ts';

interface Counts {
  passed: number;
  failed: number;
  skipped: number;
}

interface StaticCheck {
  readonly title: string;
  readonly command: readonly [program: string, ...args: string[]];
}

const staticChecks: readonly StaticCheck[] = [
  { title: 'type check', command: ['tsc', '--noEmit'] },
  { title: 'lint', command: ['eslint', '.', '--max-warnings', '0'] },
  { title: 'dependency rules', command: ['depcruise', 'src', 'temporal', 'infra', '--config', '.dependency-cruiser.cjs', '--output-type', 'err'] },
];

async function main(paths: readonly string[]): Promise<number> {
  const counts: Counts = { passed: 0, failed: 0, skipped: 0 };
  console.log('\n> static checks, and servers for the tests');
  const checks = paths.length === 0 ? staticChecks : [];
  const [passed] = await Promise.all([Promise.all(checks.map(check)), installServers()]);
  for (const ok of passed) counts[ok ? 'passed' : 'failed'] += 1;
  console.log('\n> tests');
  await runTests(paths, counts);
  console.log(`\n${counts.passed} passed, ${counts.failed} failed${counts.skipped > 0 ? `, ${counts.skipped} skipped` : ''}`);
  return counts.failed === 0 ? 0 : 1;
}

/** Each takes one core, and what it says is shown in one piece when it has ended. */
async function check({ title, command: [program, ...args] }: StaticCheck): Promise<boolean> {
  const child = spawn(programPath(program), args, { stdio: ['ignore', 'pipe', 'pipe'] });
  const said: Buffer[] = [];
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (part: Buffer) => void said.push(part));
  const [code] = (await once(child, 'close')) as [number | null];
  console.log(`\n> ${title}: ${code === 0 ? 'passed' : 'failed'}\n${Buffer.concat(said).toString()}`);
  return code === 0;
}

/** Installs before the tests what they would otherwise install within their time limits. */
async function installServers(): Promise<void> {
  const settings = loadLocalSettings({ ...processEnvironment(), CATALYST_PROFILE: 'test' }, process.cwd());
  const signal = new AbortController().signal;
  await Promise.all(
    dependencyNames.map(async (name) => {
      const dependency = dependencies[name];
      const found = await dependency.find(settings);
      if (found === undefined) console.log(`${dependency.title}: ${dependency.installing}`);
      const choice = found ?? (await dependency.install(settings, { log: (line) => console.log(`${dependency.title}: ${line}`), signal }));
      console.log(`${dependency.title}: ${choice.origin} ${choice.version ?? ''}`);
    }),
  );
}

async function runTests(paths: readonly string[], counts: Counts): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'catalyst-report-'));
  const report = join(folder, 'report.json');
  const code = await run(['vitest', 'run', '--reporter=default', '--reporter=json', `--outputFile.json=${report}`, ...paths]);
  try {
    const result = JSON.parse(await readFile(report, 'utf8')) as { numPassedTests: number; numFailedTests: number; numPendingTests: number };
    counts.passed += result.numPassedTests;
    counts.failed += result.numFailedTests;
    counts.skipped += result.numPendingTests;
    // A file that could not be loaded, or an error outside of a test, fails the run without a failed test.
    if (code !== 0 && result.numFailedTests === 0) counts.failed += 1;
  } catch {
    counts.failed += 1;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const programPath = (name: string): string => join('node_modules', '.bin', name);

function run([command, ...args]: readonly [string, ...string[]]): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(programPath(command), args, { stdio: 'inherit' });
    child.on('error', reject);
    child.on('close', (code) => resolve(code ?? 1));
  });
}

process.exit(await main(process.argv.slice(2)));
