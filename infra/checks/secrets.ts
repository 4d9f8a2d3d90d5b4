/** `npm run check:secrets`: looks for secrets in every tracked file and in all that was ever committed. Exit code 1 where one is found. */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createInterface } from 'node:readline';
import { processEnvironment } from '../local/processEnvironment.ts';
import { isMain } from './isMain.ts';
import { secretsIn } from './secretPatterns.ts';
import type { FoundSecret } from './secretPatterns.ts';

export interface SecretFinding extends FoundSecret {
  readonly commit: string;
  readonly file: string;
  /** By which it can be accepted, without being written down once more. */
  readonly fingerprint: string;
}

/** What looks like a secret and is none, by fingerprint, each with the reason. */
export const acceptedSecrets: Readonly<Record<string, string>> = {
  '320576f4a60f9741': 'the key of a self-signed certificate that a test server shows, to be refused',
  '457643f44d19aed8': 'made-up, in the form of an access key: tests look that it reaches no log',
};

/**
 * All lines that any commit reachable from HEAD added, and so all tracked files, too. Binary files are left out.
 * @throws Error where git fails.
 */
export async function scanHistory(repository: string): Promise<SecretFinding[]> {
  const git = spawn('git', ['-C', repository, 'log', '-p', '-m', '--no-color', '--no-ext-diff', '--no-textconv', '--unified=0', '--format=commit %H', 'HEAD'], { env: processEnvironment(), stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = new Promise<number>((resolve, reject) => {
    git.once('error', reject);
    git.once('close', (code) => resolve(code ?? 1));
  });
  const found = new Map<string, SecretFinding>();
  let [commit, file, before] = ['', '', ''];
  for await (const line of createInterface({ input: git.stdout, crlfDelay: Infinity })) {
    if (line.startsWith('commit ')) commit = line.slice('commit '.length);
    else if (line.startsWith('+++ ')) [file, before] = [line.slice('+++ b/'.length), ''];
    else if (line.startsWith('+')) {
      // Two lines at once: the head of a private key stands above the key.
      for (const secret of secretsIn(`${before}\n${line.slice(1)}`)) {
        const fingerprint = fingerprintOf(secret.match);
        if (!Object.hasOwn(acceptedSecrets, fingerprint)) found.set(`${fingerprint} ${file}`, { ...secret, commit, file, fingerprint });
      }
      before = line.slice(1);
    } else before = '';
  }
  const code = await ended;
  if (code !== 0) throw new Error(`git log ended with ${code}.`);
  return [...found.values()];
}

export function fingerprintOf(secret: string): string {
  return createHash('sha256').update(secret.replaceAll(/\s+/g, '')).digest('hex').slice(0, 16);
}

if (isMain(import.meta.url)) {
  const findings = await scanHistory(process.cwd());
  // Never the secret itself: this is read in logs.
  for (const { pattern, commit, file, fingerprint, match } of findings) console.log(`${pattern} in ${file}, commit ${commit.slice(0, 10)}: ${match.slice(0, 6)}… (${match.length} characters, fingerprint ${fingerprint})`);
  console.log(`${findings.length} secrets found`);
  process.exitCode = findings.length === 0 ? 0 : 1;
}
