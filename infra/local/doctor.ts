import { parseArgs } from 'node:util';
import { examineApplications } from './diagnosis/applicationFindings.ts';
import { examineDependencies } from './diagnosis/dependencyFindings.ts';
import type { Finding } from './diagnosis/finding.ts';
import { examineMachine } from './diagnosis/machineFindings.ts';
import { examinePorts } from './diagnosis/portFindings.ts';
import { renderFindings } from './diagnosis/report.ts';
import { describeFailure } from './localStackError.ts';
import { processEnvironment, withEnvironmentFile } from './processEnvironment.ts';
import { readSecrets, type Secrets } from './secrets.ts';
import { loadLocalSettings } from './settings.ts';
import { stackHolder } from './stackLock.ts';
import { listOrphans } from './supervision/orphans.ts';

const usage = `Says for each dependency which one was chosen, its version, whether it answers, and how to mend it.

  npm run doctor               for people
  npm run doctor -- --json     for programs

Ends with 1 if something that is needed is broken.
`;

/** Before the first start there are none, and nothing runs that would need them. */
const noSecrets: Secrets = { s3AccessKeyId: '', s3SecretAccessKey: '', postgresSuperuserPassword: '', postgresPassword: '', authSecret: '', principalKeys: '', payloadKeys: '', postgresBackupPassword: '' };

async function main(): Promise<number> {
  const { values } = parseArgs({ options: { json: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } } });
  if (values.help) {
    console.log(usage);
    return 0;
  }
  const settings = loadLocalSettings(withEnvironmentFile(processEnvironment(), process.cwd()), process.cwd());
  const holder = stackHolder(settings.stateDirectory);
  const context = { settings, secrets: (await readSecrets(settings.stateDirectory)) ?? noSecrets };
  const orphans = holder === undefined ? listOrphans(settings.stateDirectory) : [];
  const runs = (name: string): boolean => holder !== undefined || orphans.includes(name);
  const dependencies = await examineDependencies(context, runs);
  const applications = await examineApplications(settings, runs);
  const somethingToInstall = dependencies.some((finding) => finding.origin === 'none');
  const machine = await examineMachine(settings, somethingToInstall);
  const ports = holder === undefined ? await examinePorts(settings) : [];
  const findings: Finding[] = [...dependencies, ...applications, ...machine, ...ports];
  const broken = findings.filter((finding) => finding.condition === 'broken');
  if (values.json) {
    console.log(JSON.stringify({ ok: broken.length === 0, running: holder !== undefined, leftRunning: orphans, stateDirectory: settings.stateDirectory, findings }, undefined, 2));
  } else {
    console.log(`Local stack in ${settings.stateDirectory}, ${stateOf(holder, orphans)}\n\n${renderFindings(findings)}\n`);
    console.log(broken.length === 0 ? 'Nothing is broken.' : `Broken: ${broken.map((finding) => finding.name).join(', ')}.`);
  }
  return broken.length === 0 ? 0 : 1;
}

function stateOf(holder: ReturnType<typeof stackHolder>, orphans: readonly string[]): string {
  if (holder !== undefined) return `running: process ${holder.pid}`;
  if (orphans.length > 0) return `left running by a start that was killed, and watched by nobody: npm start takes over`;
  return 'not running: npm start';
}

try {
  process.exitCode = await main();
} catch (error) {
  console.error(describeFailure(error));
  process.exitCode = 1;
}
