/**
 * `npm run check:dependencies`: known weaknesses of what the lock file brings, as the registry of npm tells them. Exit code 1 from `high`
 * upwards, 2 where the registry does not answer: nothing was checked then, and nothing is said to be well.
 */
import { spawn } from 'node:child_process';
import * as z from 'zod';
import { parsedJson } from '../../src/contracts/parsedJson.ts';
import { processEnvironment } from '../local/processEnvironment.ts';
import { isMain } from './isMain.ts';

const severities = ['info', 'low', 'moderate', 'high', 'critical'] as const;
type Severity = (typeof severities)[number];

const advisorySchema = z.object({ title: z.string(), url: z.string().default(''), severity: z.enum(severities), range: z.string().default('') });
const auditSchema = z.object({
  vulnerabilities: z.record(z.string(), z.object({ name: z.string(), severity: z.enum(severities), via: z.array(z.union([z.string(), advisorySchema])), fixAvailable: z.union([z.boolean(), z.object({ name: z.string(), version: z.string() })]).default(false) })),
});

export interface Weakness {
  readonly name: string;
  readonly severity: Severity;
  readonly title: string;
  readonly url: string;
  readonly mend: string;
}

/** Weaknesses that were looked at and do not concern the product, by the address of the advisory, each with the reason. */
export const acceptedAdvisories: Readonly<Record<string, string>> = {};

/** What `npm audit --json` has written; undefined where it could not ask. */
export function readAudit(output: string): Weakness[] | undefined {
  const parsed = auditSchema.safeParse(parsedJson(output));
  if (!parsed.success) return undefined;
  return Object.values(parsed.data.vulnerabilities).flatMap(({ name, via, fixAvailable }) =>
    via.flatMap((cause) => {
      // A name stands for a weakness that is listed with that package.
      if (typeof cause === 'string' || Object.hasOwn(acceptedAdvisories, cause.url)) return [];
      const mend = typeof fixAvailable === 'object' ? `${fixAvailable.name}@${fixAvailable.version}` : fixAvailable ? 'npm audit fix' : 'none yet';
      return [{ name, severity: cause.severity, title: cause.title, url: cause.url, mend }];
    }),
  );
}

export function isGrave({ severity }: Pick<Weakness, 'severity'>): boolean {
  return severities.indexOf(severity) >= severities.indexOf('high');
}

function audit(): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn('npm', ['audit', '--json'], { env: processEnvironment(), stdio: ['ignore', 'pipe', 'ignore'] });
    let output = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
    child.once('error', reject);
    child.once('close', () => resolve(output));
  });
}

if (isMain(import.meta.url)) {
  const weaknesses = readAudit(await audit());
  if (weaknesses === undefined) {
    console.log('The registry did not answer the audit: the dependencies were not checked. Run this where the registry of npm can be asked.');
    process.exitCode = 2;
  } else {
    for (const { name, severity, title, url, mend } of weaknesses) console.log(`${severity} ${name}: ${title} (${url}); mended by: ${mend}`);
    console.log(`${weaknesses.length} known weaknesses, ${weaknesses.filter(isGrave).length} of them high or critical`);
    process.exitCode = weaknesses.some(isGrave) ? 1 : 0;
  }
}
