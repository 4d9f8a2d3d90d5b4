/** `npm run attack -- --json FILE`: a second tenant against the first, on a stack of its own; exit code 1 where anything leaks. */
import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { startFullStack } from '../support/fullStack.ts';
import { attackAll, attackEnvironment, prepare } from './attackSuite.ts';

const { values } = parseArgs({ options: { json: { type: 'string' } } });
const stack = await startFullStack(attackEnvironment, { log: (line) => console.log(line) });
try {
  const report = await attackAll(stack.apiUrl, await prepare({ url: stack.apiUrl, tokenFor: (tenant, claims) => stack.tokenFor(tenant, claims) }), (line) => console.log(line));
  if (values.json !== undefined) await writeFile(values.json, `${JSON.stringify(report, undefined, 2)}\n`);
  for (const { route, attack, what } of [...report.findings, ...report.failures]) console.log(`${route}, ${attack}: ${what}`);
  for (const gap of report.gaps) console.log(gap);
  console.log(`${report.attempts} attempts on ${report.fields} fields of ${report.routes} routes: ${report.leaks} leaks, ${report.failures.length} failures, ${report.gaps.length} gaps`);
  process.exitCode = report.leaks + report.failures.length + report.gaps.length === 0 ? 0 : 1;
} finally {
  await stack.stop();
}
