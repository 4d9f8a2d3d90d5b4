import { createServer, type Server } from 'node:net';
import { LocalStackError } from '../localStackError.ts';
import { portVariables, type PortName, type Ports } from '../settings.ts';
import { findPortHolder } from './portHolder.ts';

/** Below the range from which systems take ports for outgoing connections, so that a restarted server finds its port free. */
const freePortRange = { from: 12_000, to: 20_000 };

/**
 * Ports nobody listens on, one for each service of a stack. They are held together while being
 * picked, so that no two are the same.
 */
export async function freePorts(): Promise<Ports> {
  const held: Server[] = [];
  try {
    const ports: Partial<Record<PortName, number>> = {};
    for (const name of Object.keys(portVariables) as PortName[]) {
      ports[name] = await holdFreePort(held);
    }
    return ports as Ports;
  } finally {
    await Promise.all(held.map((server) => new Promise((done) => server.close(done))));
  }
}

/** The variables that give a stack these ports. */
export function portEnvironment(ports: Ports): Record<string, string> {
  const names = Object.keys(portVariables) as PortName[];
  return Object.fromEntries(names.map((name) => [portVariables[name], String(ports[name])]));
}

/** @throws LocalStackError that names who holds the port, where that can be told, and the variable that changes it. */
export async function requireFreePort(port: number, service: string, variable: string): Promise<void> {
  const probe = await listen(port);
  if (typeof probe !== 'string') {
    await new Promise((done) => probe.close(done));
    return;
  }
  if (probe !== 'EADDRINUSE') {
    throw new LocalStackError(`Port ${port}, which ${service} needs, cannot be used (${probe}).`, `set ${variable} to another port.`);
  }
  const holder = findPortHolder(port);
  const who = holder === undefined ? 'another program' : `process ${holder.pid} (${holder.command.slice(0, 160)})`;
  throw new LocalStackError(
    `Port ${port}, which ${service} needs, is taken by ${who}.`,
    `end that program, or set ${variable} to a free port (CATALYST_LOCAL_PORT_BASE moves all ports together).`,
  );
}

async function holdFreePort(held: Server[]): Promise<number> {
  const { from, to } = freePortRange;
  for (let attempt = 0; attempt < 200; attempt += 1) {
    const port = from + Math.floor(Math.random() * (to - from));
    const server = await listen(port);
    if (typeof server !== 'string') {
      held.push(server);
      return port;
    }
  }
  throw new LocalStackError(`No free port was found between ${from} and ${to}.`, 'end programs that hold many ports.');
}

/** A listening server, or the system's error code. */
function listen(port: number): Promise<Server | string> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => resolve(server));
  });
}
