import { spawnSync } from 'node:child_process';
import { chmodSync, copyFileSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { asAccount, postgresAccount } from '../../../../infra/local/dependencies/postgresAccount.ts';
import { processEnvironment } from '../../../../infra/local/processEnvironment.ts';

const isRoot = process.getuid?.() === 0;
let folder: string;
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'catalyst-unit-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('postgresAccount', () => {
  it.runIf(!isRoot)('is the present user, who is not root', () => {
    expect(postgresAccount(processEnvironment(), process.execPath, folder)).toEqual({ prefix: [] });
  });

  it.runIf(isRoot)('reaches a program and a folder inside a checkout that only root may enter', () => {
    const [program, state] = [join(folder, 'node'), join(folder, 'state')];
    copyFileSync(process.execPath, program);
    mkdirSync(state);
    chmodSync(folder, 0o700);
    const account = postgresAccount(processEnvironment(), program, state);
    const script = `fs.accessSync(process.execPath, fs.constants.X_OK); process.chdir(process.argv[1]); console.log(process.geteuid())`;
    const run = asAccount(account, program, ['-e', script, state]);
    const { stdout, stderr } = spawnSync(run.command, run.arguments, { encoding: 'utf8' });
    expect(stderr).toBe('');
    expect(Number(stdout)).toBeGreaterThan(0);
  });
});
