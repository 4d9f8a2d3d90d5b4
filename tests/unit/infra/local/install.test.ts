import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { programOnPath } from '../../../../infra/local/install/programOnPath.ts';
import { runCommand } from '../../../../infra/local/install/runCommand.ts';
import { installOnce } from '../../../../infra/local/install/toolCache.ts';
import { elapsed } from '../../../../infra/local/progress.ts';

let folder: string;
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'catalyst-unit-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const watch = { log: () => undefined, signal: new AbortController().signal };
const entry = () => ({ cacheDirectory: folder, name: 'models/tool-1', watch });

describe('installOnce', () => {
  it('builds once for callers at the same time', async () => {
    let builds = 0;
    const build = async (target: string): Promise<void> => {
      builds += 1;
      await sleep(50);
      writeFileSync(join(target, 'program'), '');
    };
    const folders = await Promise.all([installOnce(entry(), build), installOnce(entry(), build), installOnce(entry(), build)]);
    expect(builds).toBe(1);
    expect(new Set(folders)).toEqual(new Set([join(folder, 'models/tool-1')]));
    expect(existsSync(join(folder, 'models/tool-1/program'))).toBe(true);
  });

  it('leaves nothing behind when a build fails, and builds anew the next time', async () => {
    const failing = (target: string): Promise<void> => {
      writeFileSync(join(target, 'half'), '');
      return Promise.reject(new Error('no disk'));
    };
    await expect(installOnce(entry(), failing)).rejects.toThrow('no disk');
    expect(readdirSync(folder)).toEqual(['locks']);
    await installOnce(entry(), () => Promise.resolve());
    expect(existsSync(join(folder, 'models/tool-1'))).toBe(true);
  });

  it('clears the half of a killed build away', async () => {
    mkdirSync(join(folder, '.partial-models-tool-1'), { recursive: true });
    writeFileSync(join(folder, '.partial-models-tool-1/half'), '');
    const installed = await installOnce(entry(), () => Promise.resolve());
    expect(readdirSync(installed)).toEqual([]);
  });
});

describe('runCommand', () => {
  const options = { environment: { PATH: '/usr/bin:/bin' }, remedy: 'do this', timeoutMilliseconds: 10_000 };

  it('returns standard output alone', async () => {
    expect(await runCommand('sh', ['-c', 'echo out; echo err >&2'], options)).toBe('out\n');
  });

  it('shows exit code and last lines of a failure, and the remedy', async () => {
    const failure = runCommand('sh', ['-c', 'echo why >&2; exit 3'], options);
    await expect(failure).rejects.toMatchObject({ message: expect.stringMatching(/exit code 3.*why/s) as string, remedy: 'do this' });
  });

  it('says that a program is not installed', async () => {
    await expect(runCommand('no-such-program', [], options)).rejects.toThrow('no-such-program is not installed');
  });

  it('is interrupted by its signal', async () => {
    const failure = runCommand('sleep', ['60'], { ...options, signal: AbortSignal.timeout(50) });
    await expect(failure).rejects.toThrow(/sleep/);
  });
});

describe('programOnPath', () => {
  it('takes the first executable file, never a folder or a plain file', () => {
    const [a, b] = ['a', 'b'].map((name) => join(folder, name)) as [string, string];
    mkdirSync(join(a, 'tool'), { recursive: true });
    mkdirSync(b);
    writeFileSync(join(b, 'tool'), '');
    expect(programOnPath('tool', { PATH: `${a}:${b}` })).toBeUndefined();
    writeFileSync(join(b, 'other'), '', { mode: 0o755 });
    expect(programOnPath('other', { PATH: `relative:${a}:${b}` })).toBe(join(b, 'other'));
  });
});

describe('elapsed', () => {
  it.each([[400, '0.4 s'], [9_940, '9.9 s'], [9_960, '10 s'], [59_400, '59 s'], [125_000, '2 min 5 s']])('tells %i ms as %s', (milliseconds, text) => {
    expect(elapsed(0, milliseconds)).toBe(text);
  });
});
