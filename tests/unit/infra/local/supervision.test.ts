import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { endOrphans } from '../../../../infra/local/supervision/orphans.ts';
import { isLock, lockHolder, tryLock } from '../../../../infra/local/supervision/lock.ts';
import { findPortHolder, listeningInodes } from '../../../../infra/local/supervision/portHolder.ts';
import { freePorts } from '../../../../infra/local/supervision/ports.ts';
import { identifyProcess, isAlive, startTimeFromStat, type ProcessIdentity } from '../../../../infra/local/supervision/processIdentity.ts';
import { processFile, readProcessFile, writeProcessFile } from '../../../../infra/local/supervision/processFile.ts';
import { lastLogLines, readableLine } from '../../../../infra/local/supervision/serviceLog.ts';

let folder: string;
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'catalyst-unit-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

async function startSleeper(): Promise<{ identity: ProcessIdentity; ended: Promise<unknown> }> {
  const child = spawn('sleep', ['60'], { detached: true, stdio: 'ignore' });
  await once(child, 'spawn');
  const identity = identifyProcess(child.pid ?? 0);
  if (identity === undefined) throw new Error('sleep did not start');
  return { identity, ended: once(child, 'exit') };
}

describe('process identity', () => {
  it('reads state and start time behind a command that holds spaces and brackets', () => {
    const stat = '4242 (tmux: a) b) S 1 4242 4242 0 -1 4194560 1 2 3 4 5 6 7 8 20 0 1 0 987654 1000 200 18446744073709551615';
    expect(startTimeFromStat(stat)).toEqual({ state: 'S', startTime: '987654' });
    expect(startTimeFromStat('nonsense')).toBeUndefined();
  });

  it('takes a recycled pid for another process', () => {
    const self = identifyProcess(process.pid);
    expect(self && isAlive(self)).toBe(true);
    expect(isAlive({ pid: process.pid, started: 'another boot:1' })).toBe(false);
  });
});

describe('port holder', () => {
  const table = [
    '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode',
    '   0: 0100007F:1CE8 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 111 1 0000000000000000 100 0 0 10 0',
    '   1: 0100007F:1CE8 0100007F:D2F0 01 00000000:00000000 00:00000000 00000000     0        0 222 1 0000000000000000 20 4 30 10 -1',
    '   2: 0100007F:1CE9 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 333 1 0000000000000000 100 0 0 10 0',
  ].join('\n');

  it('finds the listening socket of a port, and not its connections', () => {
    expect(listeningInodes(table, 7400)).toEqual(['111']);
    expect(listeningInodes(table, 7401)).toEqual(['333']);
    expect(listeningInodes(table, 7402)).toEqual([]);
  });

  it.runIf(process.platform === 'linux')('names this process as the holder of a port it listens on', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as { port: number };
    expect(findPortHolder(port)?.pid).toBe(process.pid);
    server.close();
  });

  it('picks distinct free ports', async () => {
    const ports = Object.values(await freePorts());
    expect(new Set(ports).size).toBe(ports.length);
  });
});

describe('orphans', () => {
  it('ends a recorded process that still lives', async () => {
    const { identity, ended } = await startSleeper();
    writeProcessFile(processFile(folder, 's3'), { ...identity, command: 'sleep 60' });
    expect(await endOrphans(folder)).toEqual(['s3']);
    await ended;
    expect(readdirSync(join(folder, 'run'))).toEqual([]);
  });

  it('leaves a process alone that was given the pid later', async () => {
    const { identity, ended } = await startSleeper();
    writeProcessFile(processFile(folder, 's3'), { pid: identity.pid, started: 'earlier', command: 'versitygw' });
    expect(await endOrphans(folder)).toEqual([]);
    expect(isAlive(identity)).toBe(true);
    process.kill(identity.pid);
    await ended;
  });

  it('copes with a process file that was cut off, and with none', async () => {
    expect(await endOrphans(join(folder, 'never'))).toEqual([]);
    writeProcessFile(processFile(folder, 's3'), { pid: 1, started: 'x', command: 'x' });
    writeFileSync(processFile(folder, 's3'), '{"pid": 1,');
    expect(readProcessFile(processFile(folder, 's3'))).toBeUndefined();
    expect(await endOrphans(folder)).toEqual([]);
    expect(existsSync(processFile(folder, 's3'))).toBe(false);
  });
});

describe('lock', () => {
  const file = (): string => join(folder, 'a.lock');

  it('is held once, tells its holder, and is free after its release', () => {
    const lock = tryLock(file(), '/checkout');
    if (!isLock(lock)) throw new Error('the lock was not free');
    expect(tryLock(file(), '/other')).toMatchObject({ pid: process.pid, folder: '/checkout' });
    lock.release();
    expect(isLock(tryLock(file(), '/other'))).toBe(true);
  });

  it('of a dead process is broken', () => {
    writeFileSync(file(), JSON.stringify({ pid: process.pid, started: 'an earlier process', folder: '/gone' }));
    expect(lockHolder(file())).toBeUndefined();
    expect(isLock(tryLock(file(), '/checkout'))).toBe(true);
    expect(readdirSync(folder)).toEqual(['a.lock']);
  });

  it('that was cut off while being written is broken', () => {
    writeFileSync(file(), '{"pi');
    expect(isLock(tryLock(file(), '/checkout'))).toBe(true);
  });
});

describe('service log', () => {
  it('shows the message of a structured line, and any other line as it is', () => {
    expect(readableLine('{"level":60,"msg":"The start failed:\\n  qdrant: gone"}')).toBe('The start failed:\n        qdrant: gone');
    expect(readableLine('{"no": "message"}')).toBe('{"no": "message"}');
    expect(readableLine('{cut off')).toBe('{cut off');
    expect(readableLine('LOG:  ready')).toBe('LOG:  ready');
  });

  it('gives the last lines written after a given place', () => {
    const log = join(folder, 's.log');
    writeFileSync(log, 'of the run before\none\ntwo\n\nthree\n');
    expect(lastLogLines(log, 2)).toEqual(['two', 'three']);
    expect(lastLogLines(log, 10, 'of the run before\n'.length)).toEqual(['one', 'two', 'three']);
    expect(lastLogLines(join(folder, 'none.log'), 3)).toEqual([]);
  });
});
