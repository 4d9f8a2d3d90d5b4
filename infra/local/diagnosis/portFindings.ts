import { applicationNames, applications } from '../applications.ts';
import { dependencies } from '../dependencies/catalogue.ts';
import { dependencyNames } from '../dependencies/dependency.ts';
import { LocalStackError } from '../localStackError.ts';
import { portVariables, type LocalSettings, type PortName } from '../settings.ts';
import { listOrphans } from '../supervision/orphans.ts';
import { requireFreePort } from '../supervision/ports.ts';
import type { Finding } from './finding.ts';

/** Whether a start would find its ports free. Asked only while no stack of this state folder runs. */
export async function examinePorts(settings: LocalSettings): Promise<Finding[]> {
  const orphans = listOrphans(settings.stateDirectory);
  if (orphans.length > 0) {
    return [{ name: 'Leftovers', condition: 'idle', detail: `a start that was killed left running: ${orphans.join(', ')}`, remedy: 'npm start ends them first' }];
  }
  const needed: { port: PortName; title: string }[] = applicationNames.map((name) => applications[name]);
  for (const name of dependencyNames) {
    const choice = await dependencies[name].find(settings).catch(() => undefined);
    if (choice?.origin === 'address') continue;
    needed.push(...dependencies[name].ports(choice).map((port) => ({ port, title: dependencies[name].title })));
  }
  const taken = await Promise.all(needed.map(({ port, title }) => examinePort(settings, port, title)));
  const broken = taken.filter((finding) => finding !== undefined);
  const numbers = needed.map(({ port }) => settings.ports[port]).sort((left, right) => left - right);
  return broken.length > 0 ? broken : [{ name: 'Ports', condition: 'ok', detail: `free: ${numbers.join(', ')}` }];
}

async function examinePort(settings: LocalSettings, port: PortName, title: string): Promise<Finding | undefined> {
  try {
    await requireFreePort(settings.ports[port], title, portVariables[port]);
    return undefined;
  } catch (error) {
    if (!(error instanceof LocalStackError)) throw error;
    return { name: `Port ${settings.ports[port]}`, condition: 'broken', detail: error.message, remedy: error.remedy };
  }
}
